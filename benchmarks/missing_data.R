# Times full-information maximum likelihood in lavaan (see missing_data.py).
# arguments: model file, data file, output file
suppressMessages(library(lavaan))
given <- commandArgs(TRUE)
model <- paste(readLines(given[1]), collapse = "\n")
data <- read.csv(given[2])
start <- proc.time()[["user.self"]]
fit <- suppressWarnings(sem(model, data, missing = "ml"))
fitted <- proc.time()[["user.self"]]
measures <- suppressWarnings(fitMeasures(fit))
done <- proc.time()[["user.self"]]
write.csv(data.frame(fit = fitted - start, measures = done - fitted, chisq = measures[["chisq"]],
                     cfi_robust = measures[["cfi.robust"]]), given[3], row.names = FALSE)
