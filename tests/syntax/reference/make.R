# Writes partables.json: lavaan's own parameter tables for varied models and options.
# Run in this folder: Rscript make.R   (R 4.2, lavaan 0.6-14, jsonlite)
suppressMessages({library(lavaan); library(jsonlite)})

sem_settings <- list(int.ov.free = TRUE, int.lv.free = FALSE, auto.fix.first = TRUE,
                     auto.fix.single = TRUE, auto.var = TRUE, auto.cov.lv.x = TRUE,
                     auto.cov.y = TRUE, auto.th = TRUE, auto.delta = TRUE, fixed.x = TRUE)
cases <- list()
case <- function(name, model, ...) {
  options <- list(...)
  settings <- modifyList(sem_settings, options)
  if (isTRUE(settings$std.lv)) settings$auto.fix.first <- FALSE
  if (!is.null(settings$ngroups) && is.null(settings$meanstructure)) settings$meanstructure <- TRUE
  if (!is.null(settings$nthresholds)) {
    settings$meanstructure <- TRUE
    settings$nthresholds <- unlist(settings$nthresholds)
  }
  if (isTRUE(settings$conditional.x)) settings$meanstructure <- TRUE
  table <- suppressWarnings(do.call(lavaanify, c(list(model = model), settings)))
  table <- table[, c("id", "lhs", "op", "rhs", "user", "group", "free", "ustart", "exo", "label", "plabel")]
  cases[[length(cases) + 1]] <<- list(name = unbox(name), model = unbox(model),
                                      options = lapply(options, function(o) if (length(o) == 1 && !is.list(o)) unbox(o) else o),
                                      table = as.list(table))
}

hs <- "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9"
case("cfa", hs)
case("cfa_std_lv", hs, std.lv = TRUE)
case("cfa_orthogonal", hs, orthogonal = TRUE)
case("cfa_means", hs, meanstructure = TRUE)
case("cfa_no_marker", hs, auto.fix.first = FALSE)
case("cfa_two_groups", hs, ngroups = 2)
case("cfa_metric", hs, ngroups = 2, group.equal = "loadings")
case("cfa_scalar_three_groups", hs, ngroups = 3, group.equal = c("loadings", "intercepts"))
case("cfa_strict", hs, ngroups = 2, group.equal = c("loadings", "intercepts", "residuals"))
case("cfa_all_equal", hs, ngroups = 2, group.equal = c("loadings", "intercepts", "means", "residuals", "lv.variances", "lv.covariances"))
case("cfa_partial", hs, ngroups = 2, group.equal = c("loadings", "intercepts"), group.partial = c("visual=~x2", "x3~1", "x7~1"))
case("cfa_std_lv_metric", hs, ngroups = 2, std.lv = TRUE, group.equal = "loadings")
case("cfa_std_lv_metric_variances", hs, ngroups = 2, std.lv = TRUE, group.equal = c("loadings", "lv.variances"))
case("residual_covariances_equal", paste0(hs, "\nx1 ~~ x4\nx9 ~~ x7"), ngroups = 2, group.equal = c("residual.covariances", "residuals"))
case("markers_moved", "f =~ NA*x1 + 1*x2 + x3\ng =~ a*y1 + a*y2 + start(.8)*y3\nf ~~ 0*g")
case("repeated_terms", "f =~ x1 + start(0.5)*x2 + l2*x2 + x3")
case("per_group_modifiers", "f =~ x1 + c(a, b)*x2 + c(1, NA)*x3 + c(0.5, 0.7)*x4\nf ~~ c(v, v)*f", ngroups = 2)
case("one_label_two_groups", "f =~ x1 + a*x2 + b*x3", ngroups = 2)
case("string_labels", "f =~ x1 + equal(\"one\")*x2 + label(\"one\")*x3 + c(\"two\")*x4")
case("fixed_and_labelled", "f =~ x1 + a*x2 + x3\nf2 =~ x4 + 0.5*x5 + x6\nf ~ b*f2\nind := a*b\na == 1.2\nb > 0")
case("second_order", "a =~ a1 + a2 + a3\nb =~ b1 + b2 + b3\nc =~ c1 + c2 + c3\nL =~ a + b + c\nL ~ z")
case("third_order", "a =~ a1 + a2 + a3\nb =~ b1 + b2 + b3\nM =~ a + b\nN =~ n1 + n2\nO =~ M + N", std.lv = TRUE)
case("single_indicators", "f =~ x1\ng =~ y1 + y2 + y3\nh =~ z1\nh ~~ 0.2*h\ng ~ f + h")
case("higher_order_single", "a =~ a1 + a2 + a3\nL =~ a")
case("phantom", "f =~ x1 + x2 + x3\np =~ 0\np ~ 2*f")
case("path_model", "y ~ x1 + x2\nz ~ y + x1\nw ~ y")
case("path_random_x", "y ~ x1 + x2\nz ~ y + x1", fixed.x = FALSE)
case("path_means_fixed_x", "y ~ x1 + x2 + x3\nz ~ y", meanstructure = TRUE)
case("path_one_covariate_random", "y ~ x1 + x2\nx1 ~~ x1", meanstructure = TRUE)
case("path_covariates_covary", "y ~ x1 + x2 + x3\nx2 ~~ x1")
case("path_intercepts", "y ~ 1 + x\nz ~ 0*1 + y\nx ~ c(m)*1")
case("path_zero_intercept", "y ~ 0 + x\nz ~ y")
case("mimic", paste0(hs, "\nvisual + textual ~ sex + age\nx9 ~ sex"))
case("mimic_conditional", paste0(hs, "\nvisual + textual ~ sex + age"), conditional.x = TRUE)
case("observed_outcome_covaries", "f =~ x1 + x2 + x3\ny ~ f\nz ~ f\ny ~~ x1")
case("latent_outcomes", "f =~ x1 + x2 + x3\ng =~ y1 + y2 + y3\nh =~ z1 + z2 + z3\ng ~ f\nh ~ f\nw ~ f")
case("latent_outcomes_orthogonal_y", "f =~ x1 + x2 + x3\ng =~ y1 + y2 + y3\nh =~ z1 + z2 + z3\ng ~ f\nh ~ f", orthogonal.y = TRUE)
case("feedback", "f =~ x1 + x2 + x3\ng =~ y1 + y2 + y3\nf ~ g + a\ng ~ f + b")
case("indicator_is_cause", "f =~ x1 + x2 + x3\ny ~ x1 + f")
case("cross_loadings", "f =~ x1 + x2 + x3 + x4\ng =~ x3 + x4 + x5\nx1 + x2 ~~ x5 + x3")
case("covariance_order", "x5 ~~ x1\nf =~ x1 + x2 + x3\ng =~ x4 + x5 + x6\ng ~~ f\nx2 ~~ f")
case("orphans", "x1 ~~ x2 + x3\nx2 ~~ x3\nx3 ~ 1")
case("growth", "i =~ 1*t1 + 1*t2 + 1*t3 + 1*t4\ns =~ 0*t1 + 1*t2 + 2*t3 + 3*t4\ni ~ x\ns ~ x", int.ov.free = FALSE, int.lv.free = TRUE, meanstructure = TRUE)
case("ordinal", "f =~ u1 + u2 + u3\ng =~ y1 + y2 + y3\ng ~ f", nthresholds = list(u1 = 3, u2 = 3, u3 = 1))
case("ordinal_theta_groups", "f =~ u1 + u2 + u3", nthresholds = list(u1 = 2, u2 = 2, u3 = 2), ngroups = 2, group.equal = c("thresholds", "loadings"), parameterization = "theta")
case("ordinal_delta_groups", "f =~ u1 + u2 + u3", nthresholds = list(u1 = 2, u2 = 2, u3 = 2), ngroups = 2, group.equal = c("thresholds", "loadings"))
case("ordinal_thresholds_only", "f =~ u1 + u2 + u3", nthresholds = list(u1 = 2, u2 = 2, u3 = 2), ngroups = 2, group.equal = "thresholds")
case("ordinal_conditional", "f =~ u1 + u2 + u3\nf ~ x\nu3 ~ x + z", nthresholds = list(u1 = 2, u2 = 2, u3 = 2), conditional.x = TRUE)
case("ordinal_stated", "f =~ u1 + u2 + u3\nu1 | 0*t1 + a*t2\nu1 ~*~ u1", nthresholds = list(u1 = 2, u2 = 2, u3 = 2))
case("regressions_equal", "y ~ x1 + x2\nz ~ y", ngroups = 2, group.equal = c("regressions", "intercepts"))
case("labels_meet_fixed", "f =~ a*x1 + a*x2 + x3\ng =~ b*y1 + y2 + b*y3")
case("constraints", "f =~ x1 + a*x2 + b*x3 + c*x4\na == 2*b\nc < 3\n2*a + b > 0\nd := sqrt(a^2 + b^2)/c\ne := -d")
case("comments_and_breaks", "# a comment\nf =~ x1 +\n  x2 + ! another\n  x3; g =~ y1 + y2 + y3\nf ~~ g")
write(toJSON(cases, digits = NA, na = "null", null = "null"), "partables.json")
cat(length(cases), "tables\n")
