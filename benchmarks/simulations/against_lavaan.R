# The p-values of a model, or of the difference of two, in many samples.
# arguments: folder with 1.csv, 2.csv, ... and less.txt (and more.txt for a difference); options of
# sem() in R. Prints one p-value a line, after a line with the versions.
suppressMessages(library(lavaan))
arguments <- commandArgs(TRUE)
folder <- arguments[1]
options <- eval(parse(text = paste0("list(", arguments[2], ")")))
samples <- sort(as.integer(sub("[.]csv$", "", list.files(folder, "[.]csv$"))))
texts <- lapply(file.path(folder, c("less.txt", "more.txt")), function(path) {
  if (file.exists(path)) paste(readLines(path), collapse = "\n")
})

fit_model <- function(text, data) do.call("sem", c(list(text, data), options))

pvalue <- function(data) {
  less <- fit_model(texts[[1]], data)
  if (!is.null(texts[[2]])) {
    return(lavTestLRT(fit_model(texts[[2]], data), less)[2, "Pr(>Chisq)"])
  }
  measures <- fitMeasures(less)
  if ("pvalue.scaled" %in% names(measures)) measures[["pvalue.scaled"]] else measures[["pvalue"]]
}

cat(paste0("R ", getRversion(), ", lavaan ", packageVersion("lavaan")), "\n")
for (sample in samples) {
  data <- read.csv(file.path(folder, paste0(sample, ".csv")))
  cat(format(suppressWarnings(pvalue(data)), digits = 15), "\n")
}
