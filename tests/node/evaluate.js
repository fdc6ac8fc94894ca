// Reads {resource, expressions}, prints the value of each FHIRPath expression with %resource set.
const fhirpath = require("fhirpath");
const r4 = require("fhirpath/fhir-context/r4");
const { resource, expressions } = JSON.parse(require("fs").readFileSync(0, "utf8"));
const told = expressions.map((one) => fhirpath.evaluate(resource, one, { resource }, r4));
process.stdout.write(JSON.stringify(told));
