# Fits and times on request (see benchmarks/programs.py).
# argument: folder with NAME.txt (model) and NAME.csv (rows) of every case
# A line "NAME|DRAWS|OPTIONS" on the standard input is answered by "CPU-SECONDS CHI-SQUARE"; OPTIONS
# are arguments of sem() in R, DRAWS is 0 for a fit. "version" is answered by the versions.
suppressMessages(library(lavaan))
folder <- commandArgs(TRUE)[1]
requests <- file("stdin", "r")

cpu <- function() sum(proc.time()[c("user.self", "sys.self")])

answer <- function(...) {
  cat(..., "\n")
  flush(stdout())
}

fit_case <- function(model, data, options) {
  eval(parse(text = paste0("sem(model, data", options, ")")))
}

time_fit <- function(model, data, options) {
  start <- cpu()
  measures <- fitMeasures(fit_case(model, data, options))
  answer(cpu() - start, measures[["chisq"]])
}

time_bootstrap <- function(model, data, options, draws) {
  fit <- fit_case(model, data, options)
  start <- cpu()
  found <- bootstrapLavaan(fit, R = draws, iseed = 1)
  answer(cpu() - start, nrow(found))
}

repeat {
  line <- readLines(requests, 1)
  if (!length(line)) break
  if (line == "version") {
    answer(paste0("R ", getRversion(), ", lavaan ", packageVersion("lavaan")))
    next
  }
  parts <- strsplit(line, "|", fixed = TRUE)[[1]]
  model <- paste(readLines(file.path(folder, paste0(parts[1], ".txt"))), collapse = "\n")
  data <- read.csv(file.path(folder, paste0(parts[1], ".csv")))
  options <- if (length(parts) > 2) parts[3] else ""
  suppressWarnings(
    if (parts[2] == "0") time_fit(model, data, options)
    else time_bootstrap(model, data, options, as.integer(parts[2]))
  )
}
