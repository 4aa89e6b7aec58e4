#!/bin/sh
# Written by beanpole export. Builds the Meteor application in this folder, puts what Beanstalk needs into its bundle, and
# deploys it.
#
#   ./deploy.sh               build and deploy
#   ./deploy.sh --build-only  build the bundle and stop
#
# SETTINGS is the file with the application's settings; without the file the bundle has none.
set -eu

APPLICATION=${APPLICATION:-@APPLICATION@}
ENVIRONMENT=${ENVIRONMENT:-@ENVIRONMENT@}
REGION=${REGION:-@REGION@}
SETTINGS=${SETTINGS:-settings.json}
LABEL=${LABEL:-$(date -u +%Y%m%d-%H%M%S)}

cd "$(dirname "$0")"
project=$(pwd)
build=$(mktemp -d)
trap 'rm -rf "$build"' EXIT

meteor npm ci
meteor build "$build" --directory --server-only --architecture os.linux.x86_64
bundle=$build/bundle

cp "$project"/beanstalk/settings-preload.js "$project"/beanstalk/package.json "$bundle"/
if [ -f "$project/beanstalk/Procfile" ]; then cp "$project/beanstalk/Procfile" "$bundle"/; fi
for folder in .ebextensions .platform; do
    if [ -d "$project/$folder" ]; then cp -R "$project/$folder" "$bundle"/; fi
done
if [ -f "$SETTINGS" ]; then cp "$SETTINGS" "$bundle/settings.json"; fi

zip=$project/$LABEL.zip
rm -f "$zip"
# The modules of the server are installed on the instance, for its own Node.js.
(cd "$bundle" && zip -qr "$zip" . -x 'programs/server/node_modules/*')
echo "built $zip"
if [ "${1:-}" = --build-only ]; then exit 0; fi

bucket=$(aws elasticbeanstalk create-storage-location --region "$REGION" --query S3Bucket --output text)
aws s3 cp "$zip" "s3://$bucket/$APPLICATION/$LABEL.zip" --region "$REGION"
aws elasticbeanstalk create-application-version --region "$REGION" --application-name "$APPLICATION" \
    --version-label "$LABEL" --source-bundle "S3Bucket=$bucket,S3Key=$APPLICATION/$LABEL.zip" --process
while :; do
    status=$(aws elasticbeanstalk describe-application-versions --region "$REGION" --application-name "$APPLICATION" \
        --version-labels "$LABEL" --query 'ApplicationVersions[0].Status' --output text)
    case $status in
        PROCESSED) break ;;
        FAILED) echo "Beanstalk could not process $LABEL" >&2; exit 1 ;;
    esac
    sleep 2
done
aws elasticbeanstalk update-environment --region "$REGION" --application-name "$APPLICATION" \
    --environment-name "$ENVIRONMENT" --version-label "$LABEL"
echo "deploying $LABEL; follow it with: beanpole watch $ENVIRONMENT"
