// Written by beanpole export. Runs before Meteor: METEOR_SETTINGS comes from settings.json, whose JSON is too long for an
// environment property. A METEOR_SETTINGS that is set already stays.
'use strict';

const fs = require('fs');
const path = require('path');

const file = path.join(__dirname, 'settings.json');
if (!process.env.METEOR_SETTINGS && fs.existsSync(file)) {
  const text = fs.readFileSync(file, 'utf8');
  JSON.parse(text); // A mistake in the file ends the start here, and not with an application that has no settings.
  process.env.METEOR_SETTINGS = text;
}
