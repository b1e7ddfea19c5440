# Reference fits of incomplete data from lavaan (run in this folder: Rscript make.R).
#
# answers.csv is simulated: x1 to x9 with three factors, some values missing at random, some rows
# with nothing but covariates; z1 complete and z2 incomplete covariates; two groups.
# fits.json holds, for each case, lavaan's estimates and fit measures after Newton steps on lavaan's
# own gradient, with saturated moments to 1e-13.
suppressMessages({library(lavaan); library(jsonlite)})
set.seed(20240731)
n <- 240
z1 <- rbinom(n, 1, .5); z2 <- round(rnorm(n, 10, 2), 2); z2[sample(n, 12)] <- NA
zc <- ifelse(is.na(z2), 10, z2) - 10
factors <- cbind(.4 * z1, .2 * zc, .1 * zc) + matrix(rnorm(3 * n), n) %*% chol(.5 + .5 * diag(3))
x <- sapply(1:9, function(j) round(j / 3 + c(.9, .8, .7)[(j - 1) %% 3 + 1] *
  factors[, (j - 1) %/% 3 + 1] + .6 * rt(n, 6) + .5 * (j == 3) * factors[, 2] +
  .25 * (j == 6) * z1, 3))
x[matrix(runif(9 * n) < .1, n)] <- NA
x[c(5, 50), ] <- NA
answers <- data.frame(x, z1, z2, group = sample(c("south", "north"), n, TRUE))
names(answers)[1:9] <- paste0("x", 1:9)
answers$z2[50] <- NA
write.csv(answers, "answers.csv", row.names = FALSE, na = "")

polished <- function(fit, model, options) {
  for (step in 1:2) {
    g <- lavaan:::lav_model_gradient(fit@Model, lavsamplestats = fit@SampleStats,
                                     lavdata = fit@Data, lavcache = fit@Cache, group.weight = FALSE)
    h <- lavaan:::lav_model_hessian(fit@Model, lavsamplestats = fit@SampleStats,
                                    lavdata = fit@Data, lavoptions = fit@Options,
                                    lavcache = fit@Cache, group.weight = FALSE)
    k <- if (fit@Model@eq.constraints) fit@Model@eq.constraints.K else diag(length(g))
    table <- parTable(fit)
    free <- which(table$free > 0)
    table$est[free] <- table$est[free] - drop(k %*% solve(t(k) %*% h %*% k, t(k) %*% g))
    table$start <- table$est
    fit <- do.call("sem", c(list(model = table, optim.method = "none",
                                 optim.force.converged = TRUE), options))
  }
  fit
}

cfa <- "f =~ x1 + x2 + x3\ng =~ x4 + x5 + x6\nh =~ x7 + x8 + x9"
mimic <- paste0(cfa, "\nf + g + h ~ z1 + z2")
path <- "x4 ~ b*x1 + x2 + z1\nx7 ~ a*x4 + c*z1\nind := a*b"
tied <- "f =~ x1 + a*x2 + a*x3\ng =~ x4 + x5 + x6\ng ~ f\nx1 ~~ x4"
cases <- list(
  cfa = list(cfa), cfa_mlr = list(cfa, estimator = "MLR"),
  cfa_mlr_expected = list(cfa, estimator = "MLR", information = "expected"),
  cfa_mlf = list(cfa, estimator = "MLF"), tied_mlr = list(tied, estimator = "MLR"),
  mimic = list(mimic), mimic_mlr = list(mimic, estimator = "MLR"),
  mimic_keep_x = list(mimic, missing = "ml.x"),
  mimic_random_mlr = list(mimic, estimator = "MLR", fixed.x = FALSE),
  path = list(path), path_random = list(path, fixed.x = FALSE),
  groups_mlr = list(cfa, estimator = "MLR", group = "group",
                    group.equal = c("loadings", "intercepts")),
  groups_mimic = list(mimic, group = "group", group.equal = "loadings")
)
fits <- list()
for (name in names(cases)) {
  given <- cases[[name]]
  options <- c(list(data = answers, em.h1.tol = 1e-13, em.h1.iter.max = 20000), given[-1])
  if (is.null(options$missing)) options$missing <- "ml"
  fit <- suppressWarnings(do.call("sem", c(list(model = given[[1]]), options)))
  fit <- suppressWarnings(polished(fit, given[[1]], options))
  table <- parTable(fit)
  fits[[name]] <- list(model = given[[1]], options = options[!names(options) %in%
                       c("data", "em.h1.tol", "em.h1.iter.max")],
                       n = lavInspect(fit, "ntotal"),
                       parameters = table[table$free > 0, c("lhs", "op", "rhs", "group", "est", "se")],
                       fit = as.list(suppressWarnings(fitMeasures(fit))))
}
write(toJSON(fits, auto_unbox = TRUE, digits = 12, na = "null", null = "null"), "fits.json")
