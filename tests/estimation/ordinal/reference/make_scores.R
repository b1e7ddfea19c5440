# Reference factor scores of ordinal answers from lavaan (run in this folder: Rscript make_scores.R).
#
# scores.json holds the scores of the first ten respondents: lavaan's "EBM" and "ML", found by its
# optimiser to about four digits.
suppressMessages({library(lavaan); library(jsonlite)})
answers <- read.csv("answers.csv")
scores <- function(model, ordered) {
  fit <- sem(model, answers, ordered = ordered, estimator = "WLSMV", test = "none", se = "none")
  by <- function(method) unname(as.matrix(lavPredict(fit, method = method))[1:10, , drop = FALSE])
  list(model = model, ordered = I(ordered), ebm = by("EBM"), ml = by("ML"))
}
items <- c("o2", "o3", "o4", "o5")
out <- list(
  ordinal = scores("f =~ o2 + o3 + o4 + o5", items),
  mixed = scores("f =~ o3 + o5 + y1 + y2", c("o3", "o5")),
  covariates = scores("f =~ o3 + o4 + o5\nf ~ female + age", items[-1]))
writeLines(toJSON(out, digits = I(8), auto_unbox = TRUE), "scores.json")
