"""moto's server, with what it leaves empty in Beanstalk's environments filled in from their tags.

moto knows an environment's name and little more: its id, endpoint and CNAME are empty texts. A test that wants them
creates the environment with tags `test:environment_id`, `test:endpoint_url`, `test:cname`; without them it stays as
moto has it. The wire is moto's in either case.
"""

import sys

from moto.elasticbeanstalk import models
from moto.server import main

original = models.Environment.__init__


def filled(self, *arguments, **named):
    original(self, *arguments, **named)
    tags = self.tags or {}
    for attribute in ("environment_id", "endpoint_url", "cname"):
        setattr(self, attribute, tags.get(f"test:{attribute}", getattr(self, attribute)))


models.Environment.__init__ = filled

if __name__ == "__main__":
    main(sys.argv[1:])
