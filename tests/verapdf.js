// Runs in Rhino, the JavaScript engine that veraPDF carries for its own rules: no compiler needed.
// Arguments: pairs of flavour and file. Prints one JSON object: file and flavour, failed rules.
var verapdf = Packages.org.verapdf;
verapdf.gf.foundry.VeraGreenfieldFoundryProvider.initialise();
var foundry = verapdf.pdfa.Foundries.defaultInstance();

function failedRules(path, flavourName) {
  var flavour = verapdf.pdfa.flavours.PDFAFlavour.fromString(flavourName);
  var parser = foundry.createParser(new java.io.File(path), flavour);
  var validator = foundry.createValidator(flavour, false);
  var result = validator.validate(parser);
  var rules = [];
  var assertions = result.getTestAssertions().iterator();
  while (assertions.hasNext()) {
    var assertion = assertions.next();
    if (String(assertion.getStatus()) === "failed") {
      var rule = assertion.getRuleId();
      rules.push(
        flavourName + " " + rule.getClause() + "-" + rule.getTestNumber() + ": " +
        assertion.getMessage() + " [" + assertion.getLocation().getContext() + "]"
      );
    }
  }
  if (!result.isCompliant() && rules.length === 0) rules.push(flavourName + ": not compliant");
  parser.close();
  return rules;
}

var failed = [];
for (var index = 0; index + 1 < arguments.length; index += 2) {
  failed = failed.concat(failedRules(arguments[index + 1], arguments[index]));
}
print(JSON.stringify(failed));
