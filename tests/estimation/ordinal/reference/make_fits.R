# Reference fits of ordinal models from lavaan (run in this folder: Rscript make_fits.R).
#
# Each optimum is refined by Newton steps on lavaan's own gradient, because its optimiser stops
# early. fits.json holds parameters (est, se, std.all) and fit measures.
suppressMessages({library(lavaan); library(jsonlite)})
answers <- read.csv("answers.csv")

refined <- function(arguments) {
  fit <- suppressWarnings(do.call("sem", arguments))
  gradient <- function(x) {
    model <- lavaan:::lav_model_set_parameters(fit@Model, x)
    lavaan:::lav_model_gradient(model, lavsamplestats = fit@SampleStats, lavdata = fit@Data,
                                lavcache = fit@Cache)
  }
  x <- lavaan:::lav_model_get_parameters(fit@Model)
  K <- if (nrow(fit@Model@con.jac) > 0) lavaan:::lav_matrix_orthogonal_complement(
    t(rbind(fit@Model@ceq.JAC))) else diag(length(x))
  for (i in 1:8) {
    g <- crossprod(K, gradient(x))
    H <- crossprod(K, numDeriv_jacobian(gradient, x) %*% K)
    x <- x - as.vector(K %*% solve(H, g))
  }
  table <- parTable(fit)
  table$est[table$free > 0] <- x[table$free[table$free > 0]]
  arguments$start <- table
  arguments$optim.method <- "none"
  arguments$optim.force.converged <- TRUE
  list(fit = suppressWarnings(do.call("sem", arguments)), gradient = max(abs(crossprod(K, gradient(x)))))
}
numDeriv_jacobian <- function(f, x, h = 1e-6) sapply(seq_along(x), function(k) {
  e <- replace(numeric(length(x)), k, h); (f(x + e) - f(x - e)) / (2 * h) })

case <- function(model, ...) {
  arguments <- list(model = model, data = answers, ...)
  done <- refined(arguments)
  rows <- parameterEstimates(done$fit, standardized = TRUE, remove.eq = TRUE)
  if (is.null(rows$group)) rows$group <- 1
  options <- list(...)
  list(model = model, options = options, gradient = done$gradient,
       parameters = rows[, c("lhs", "op", "rhs", "group", "est", "se", "std.all")],
       standardized = standardizedSolution(done$fit)$se,
       fit = as.list(fitMeasures(done$fit)))
}
factor4 <- "f =~ o2 + o3 + o4 + o5"
out <- list(
  outcome = case("f =~ o3 + o4 + o5\no2 ~ f + age", ordered = c("o2", "o3", "o4", "o5"),
                 estimator = "WLSMV"),
  wls = case(factor4, ordered = c("o2", "o3", "o4", "o5"), estimator = "WLS"),
  wlsmvs = case(factor4, ordered = c("o2", "o3", "o4", "o5"), estimator = "WLSMVS"),
  uls_theta = case("f =~ o3 + o4 + o5\nf ~ female + age", ordered = c("o3", "o4", "o5"),
                   estimator = "ULSMV", parameterization = "theta"),
  std_lv = case("f =~ o2 + o3 + y1\ng =~ o4 + o5 + y2", ordered = c("o2", "o3", "o4", "o5"),
                estimator = "WLSMV", std.lv = TRUE, parameterization = "theta"),
  groups_theta = case("f =~ o2 + o3 + o4 + y1", ordered = c("o2", "o3", "o4"), group = "female",
                      estimator = "WLSMV", parameterization = "theta",
                      group.equal = c("thresholds", "loadings", "intercepts")),
  random_x = case("f =~ o3 + o4 + o5\nf ~ age", ordered = c("o3", "o4", "o5"),
                  estimator = "WLSMV", fixed.x = FALSE, conditional.x = FALSE),
  modelled_x = case("f =~ o3 + o4 + o5\nf ~ age + female", ordered = c("o3", "o4", "o5"),
                    estimator = "WLSMV", conditional.x = FALSE),
  probit = case("o4 ~ female + age", ordered = "o4", estimator = "WLSMV"))
print(sapply(out, function(o) o$gradient))
writeLines(toJSON(out, digits = I(12), auto_unbox = TRUE, na = "null"), "fits.json")
