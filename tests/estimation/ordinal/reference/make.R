# Reference moments of ordinal and mixed data from lavaan (run in this folder: Rscript make.R).
#
# answers.csv is simulated: o2, o3, o4, o5 ordinal with 2 to 5 categories, y1, y2 numeric,
# female binary and age continuous covariates; *_m the same with missing answers.
# moments.json holds, for each sample, lavaan's moments (wls.obs) and NACOV (gamma).
suppressMessages({library(lavaan); library(jsonlite)})
set.seed(20240731)
n <- 180
female <- rbinom(n, 1, .5)
age <- round(rnorm(n), 3)
f <- rnorm(n) + .4 * female + .3 * age
latent <- sapply(c(.8, .7, .6, .75, .7, .65), function(l) l * f + sqrt(1 - l^2) * rnorm(n))
cut_at <- function(x, at) as.integer(cut(x, c(-Inf, at, Inf)))
answers <- data.frame(
  o2 = cut_at(latent[, 1], .3), o3 = cut_at(latent[, 2], c(-.5, .8)),
  o4 = cut_at(latent[, 3], c(-1, 0, 1)), o5 = cut_at(latent[, 4], c(-1, -.3, .4, 1.1)),
  y1 = round(2 + 1.5 * latent[, 5], 3), y2 = round(-1 + .5 * latent[, 6], 3),
  female = female, age = age)
gone <- answers[, 1:6]
for (v in names(gone)) gone[sample(n, 18), v] <- NA
names(gone) <- paste0(names(gone), "_m")
answers <- cbind(answers, gone)
write.csv(answers, "answers.csv", row.names = FALSE, na = "")

moments <- function(ordered, numeric = NULL, covariates = NULL, missing = "listwise") {
  model <- paste("f =~", paste(c(ordered, numeric), collapse = " + "))
  if (length(covariates)) model <- paste0(model, "\nf ~ ", paste(covariates, collapse = " + "))
  fit <- suppressWarnings(sem(model, answers, ordered = ordered, estimator = "WLSMV",
                              missing = missing, optim.method = "none", se = "none",
                              test = "satorra.bentler", baseline = FALSE))
  list(ordered = I(ordered), numeric = I(as.character(numeric)),
       covariates = I(as.character(covariates)), missing = missing,
       vector = as.numeric(lavTech(fit, "wls.obs")[[1]]),
       gamma = unname(lavTech(fit, "gamma")[[1]]))
}
o <- c("o2", "o3", "o4", "o5"); y <- c("y1", "y2")
om <- paste0(o, "_m"); ym <- paste0(y, "_m")
out <- list(
  ordinal = moments(o),
  mixed = moments(o[2:4], y),
  pattern_covariate = moments(o, NULL, "female"),
  continuous_covariates = moments(o[1:3], NULL, c("female", "age")),
  mixed_covariate = moments(o[2:3], y, "female"),
  pairwise = moments(om[2:4], NULL, NULL, "pairwise"),
  pairwise_mixed = moments(om[2:3], ym, NULL, "pairwise"),
  pairwise_covariates = moments(om[1:2], ym, c("female", "age"), "pairwise"))
writeLines(toJSON(out, digits = I(12), auto_unbox = TRUE), "moments.json")
