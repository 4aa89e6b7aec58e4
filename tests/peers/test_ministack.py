"""ministack plays AWS: it has load balancers and metrics, and answers Beanstalk with something that is no AWS answer."""

import peers


def test_an_answer_that_is_none_is_told(ministack):
    for command in (["ls"], ["ls", "--full"], ["show", "shop-web-prod"], ["find", "shop-web-prod"]):
        ran = peers.run(ministack, *command)
        assert ran.status == 5, (command, ran.told)
        assert ran.text.strip() == ""
        assert "DescribeEnvironments" in ran.told
        assert "no AWS answer (HTTP 400, application/json)" in ran.told
        assert "Unsupported service: elasticbeanstalk" in ran.told


def test_json_is_an_answer_even_then(ministack):
    ran = peers.run(ministack, "ls", "-o", "json")
    assert ran.status == 5
    assert ran.json["items"] is None
    (error,) = ran.json["errors"]
    assert (error["source"], error["kind"], error["request_id"]) == ("DescribeEnvironments", "other", None)
    assert "Unsupported service" in error["message"]


def test_the_dashboard_stays_and_says_it(ministack):
    with peers.Dashboard(ministack) as dashboard:
        dashboard.until("Beanstalk", "failing", "DescribeEnvironments")
        assert "no environments here" not in dashboard.words
        dashboard.press("!").until("Log", "Unsupported service")
        dashboard.press("q").press("?").until("freeze or unfreeze")
        dashboard.press("\x03")
        assert dashboard.ended() == 0
