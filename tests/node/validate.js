// Reads a list of resources, prints for each the errors that the npm package fhir finds (offline, R4).
const { Fhir } = require("fhir");
const fhir = new Fhir();
const given = JSON.parse(require("fs").readFileSync(0, "utf8"));
const told = given.map((one) =>
  fhir
    .validate(one, { errorOnUnexpected: true })
    .messages.filter((message) => message.severity === "error")
    .map((message) => `${message.location}: ${message.message}`)
);
process.stdout.write(JSON.stringify(told));
