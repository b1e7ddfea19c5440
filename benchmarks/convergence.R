# Fits the model of argument 1 to every draw of the binary file of argument 2 (see convergence.py).
# arguments: model file, data file, draws, n, variable names joined by commas, output file
suppressMessages(library(lavaan))
given <- commandArgs(TRUE)
model <- paste(readLines(given[1]), collapse = "\n")
draws <- as.integer(given[3])
n <- as.integer(given[4])
names <- strsplit(given[5], ",")[[1]]
input <- file(given[2], "rb")
out <- matrix(NA_real_, draws, 3, dimnames = list(NULL, c("converged", "fmin", "seconds")))
for (draw in seq_len(draws)) {
  values <- matrix(readBin(input, "integer", n * length(names), size = 1), n, byrow = TRUE)
  data <- as.data.frame(values)
  colnames(data) <- names
  start <- proc.time()[["user.self"]]
  fit <- try(suppressWarnings(sem(model, data, se = "none", test = "standard", baseline = FALSE)),
             silent = TRUE)
  seconds <- proc.time()[["user.self"]] - start
  if (inherits(fit, "try-error")) out[draw, ] <- c(0, NA, seconds)
  else out[draw, ] <- c(lavInspect(fit, "converged"), fit@optim$fx, seconds)
}
write.csv(out, given[6], row.names = FALSE)
