# Reference fits of many estimators, options and models from lavaan (run in this folder: Rscript make.R).
#
# answers.csv is simulated here: x1-x9 skewed and heavy-tailed indicators of three factors (x2 in
# units of a twentieth), the same with gaps (m1-m9; two respondents without any answer) and in
# categories (o1-o9; 2 to 6), z1, z2 covariates, y1, y2 outcomes, g three unequal groups. cases.json says what
# was asked. Each optimum is refined by Newton steps on lavaan's own gradient (not under non-linear
# constraints and inequalities). fits.json holds, in the order of the parameters that lavaan reports:
# est, se, std.all; the fit measures; modification indices and score tests where asked for.
suppressMessages({library(lavaan); library(jsonlite)})

simulate <- function(n = 240) {
  set.seed(20261130)
  cut_at <- function(x, at) as.integer(cut(x, c(-Inf, at, Inf)))
  f <- matrix(rnorm(3 * n), n) %*% chol(matrix(c(1, .5, .35, .5, 1, .4, .35, .4, 1), 3))
  loading <- c(.8, .7, .6, .75, .85, .65, .7, .6, .8)
  normal <- sapply(1:9, function(j) loading[j] * f[, ceiling(j / 3)] + sqrt(1 - loading[j]^2) * rnorm(n))
  x <- round((normal * sqrt(6 / rchisq(n, 6)) + .15 * normal^2) * 1.3 + 3, 3)
  at <- list(.3, c(-.5, .6), c(-1, 0, 1.2), c(-1.2, -.3, .4, 1.1), c(-1.5, -.8, -.2, .5, 1.3), c(-1, .2),
             .1, c(-1.4, -.6, .3, 1), c(-.4, .5, 1.3))
  o <- sapply(1:9, function(j) cut_at(normal[, j], at[[j]]))
  m <- x
  m[, -1][runif(n * 8) < .1] <- NA
  m[c(5, 90), ] <- NA
  x[, 2] <- x[, 2] * 20
  colnames(x) <- paste0("x", 1:9); colnames(o) <- paste0("o", 1:9); colnames(m) <- paste0("m", 1:9)
  z1 <- round(.4 * f[, 1] + rnorm(n), 3)
  z2 <- rbinom(n, 1, .4)
  y1 <- round(.5 * f[, 1] + .3 * f[, 2] + .3 * z1 + rnorm(n), 3)
  y2 <- round(.4 * y1 + .3 * f[, 3] + rnorm(n), 3)
  g <- sample(c("north", "south", "east"), n, TRUE, c(.5, .3, .2))
  data.frame(x, m, o, z1, z2, y1, y2, g)
}

derivatives <- function(f, x) sapply(seq_along(x), function(k) {
  h <- 1e-6 * max(1, abs(x[k])); e <- replace(numeric(length(x)), k, h)
  (f(x + e) - f(x - e)) / (2 * h) })

# The fit at the optimum that Newton steps on the gradient lead to; the given one where they fail.
refined <- function(fit, arguments) {
  if (any(parTable(fit)$op %in% c("<", ">")) || length(fit@Model@ceq.nonlinear.idx)) return(fit)
  gradient <- function(x) lavaan:::lav_model_gradient(
    lavaan:::lav_model_set_parameters(fit@Model, x), lavsamplestats = fit@SampleStats,
    lavdata = fit@Data, lavcache = fit@Cache)
  x <- lavaan:::lav_model_get_parameters(fit@Model)
  K <- if (fit@Model@eq.constraints) fit@Model@eq.constraints.K else diag(length(x))
  for (i in 1:6) {
    g <- crossprod(K, gradient(x))
    if (max(abs(g)) < 1e-12) break
    x <- x - as.vector(K %*% solve(crossprod(K, derivatives(gradient, x) %*% K), g))
  }
  table <- parTable(fit)
  table$est[table$free > 0] <- x[table$free[table$free > 0]]
  settled <- list(start = table, optim.method = "none", optim.force.converged = TRUE,
                  fixed.x = lavInspect(fit, "options")$fixed.x,
                  conditional.x = lavInspect(fit, "options")$conditional.x)
  again <- do.call("sem", modifyList(arguments, settled))
  if (again@optim$fx > fit@optim$fx + 1e-8) fit else again
}

numbers <- function(v) ifelse(is.finite(v), signif(v, 10), NA)
one <- function(case) {
  arguments <- c(list(model = paste(case$model, collapse = "\n"), data = answers), case$options)
  if (identical(case$options$missing, "fiml")) arguments$em.h1.tol <- 1e-12
  fit <- suppressWarnings(do.call("sem", arguments))
  fit <- tryCatch(suppressWarnings(refined(fit, arguments)), error = function(e) {
    message("not refined: ", case$model[[1]], ": ", conditionMessage(e)); fit })
  rows <- standardizedSolution(fit, se = FALSE, remove.eq = FALSE, remove.ineq = FALSE, remove.def = FALSE)
  table <- parTable(fit)
  keep <- !table$op %in% c("==", "<", ">")
  out <- list(lhs = table$lhs[keep], op = table$op[keep], rhs = table$rhs[keep], group = table$group[keep],
              est = numbers(table$est[keep]), se = numbers(table$se[keep]),
              std_all = numbers(rows$est.std[!rows$op %in% c("==", "<", ">")]),
              fit = as.list(numbers(unclass(suppressWarnings(fitMeasures(fit))))))
  if (isTRUE(case$indices)) {
    mi <- suppressWarnings(modindices(fit, sort. = TRUE, maximum.number = 8))
    if (is.null(mi$group)) mi$group <- 1
    out$indices <- list(lhs = mi$lhs, op = mi$op, rhs = mi$rhs, group = mi$group, mi = numbers(mi$mi), epc = numbers(mi$epc))
  }
  if (isTRUE(case$score)) {
    test <- lavTestScore(fit)
    out$score <- list(total = numbers(test$test$X2), single = numbers(test$uni$X2))
  }
  out
}

answers <- simulate()
write.csv(answers, "answers.csv", row.names = FALSE, na = "")
answers <- read.csv("answers.csv")
cases <- fromJSON("cases.json", simplifyDataFrame = FALSE, simplifyMatrix = FALSE)
out <- lapply(names(cases), function(name) tryCatch(one(cases[[name]]), error = function(e) stop(name, ": ", conditionMessage(e))))
names(out) <- names(cases)
writeLines(toJSON(out, digits = NA, auto_unbox = TRUE, na = "null"), "fits.json")
