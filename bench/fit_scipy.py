"""The same fits by scipy, for bench/fit.bench.ts: least_squares(method='trf') with an analytic Jacobian.

Usage: OMP_NUM_THREADS=1 python3 fit_scipy.py PROBLEMS.json
Prints a JSON list, one entry a problem, with the processor seconds and the objective from each start. Every problem is solved
`repeats` times and the fastest counts.
"""

import json
import sys
import time

import numpy as np
from scipy.optimize import least_squares

E_FLOOR = 1e-9
SHARE_FLOOR = 1e-3


def bimix(problem, shares, run, log_volume):
    """theta = C, alpha, B, beta (C and B as logs); B and beta absent when all volumes are equal."""
    log_share = np.log(np.maximum(shares[:, problem["own"]], SHARE_FLOOR))[run]
    varies = problem["volumeVaries"]

    def evaluate(theta):
        c = np.exp(theta[0])
        columns = np.empty((len(run), len(theta)))
        columns[:, 1] = -log_share
        if not varies:
            columns[:, 0] = 1
            return theta[0] - theta[1] * log_share, columns
        reducible = np.exp(theta[2] - theta[3] * log_volume)
        total = c + reducible
        columns[:, 0] = c / total
        columns[:, 2] = reducible / total
        columns[:, 3] = -columns[:, 2] * log_volume
        return np.log(total) - theta[1] * log_share, columns

    return evaluate


def transfer(problem, shares, run, log_volume):
    """theta = E, C, alpha, [B, beta,] sigma, rho, t.<others>, tauMean (E, C, B and t as logs)."""
    own = problem["own"]
    others = [j for j in range(shares.shape[1]) if j != own]
    with np.errstate(divide="ignore"):
        logs = np.log(shares)
    used = shares[:, others] > 0
    log_others = np.where(used, logs[:, others], 0)
    has_own = shares[:, own] > 0
    log_own = np.where(has_own, logs[:, own], 0)
    varies = problem["volumeVaries"]
    at = 5 if varies else 3
    first = at + 2

    def evaluate(theta):
        sigma, rho, t = theta[at], theta[at + 1], theta[first:-1]
        parts = np.where(used, np.exp(t + sigma * log_others), 0)
        part_own = np.where(has_own, np.exp(rho * log_own), 0)
        e = parts.sum(1) + part_own + E_FLOOR
        log_e = np.log(e)
        slopes = np.empty((len(shares), len(theta) - at))
        slopes[:, 0] = (parts * log_others).sum(1) / e
        slopes[:, 1] = part_own * log_own / e
        slopes[:, 2:-1] = parts / e[:, None]
        slopes[:, -1] = 0
        discount = np.exp(-theta[2] * log_e)[run]
        floor = np.exp(theta[0])
        mixture_part = np.exp(theta[1]) * discount
        volume_part = np.exp(theta[3] - theta[4] * log_volume) * discount if varies else 0
        loss = floor + mixture_part + volume_part
        above = (mixture_part + volume_part) / loss
        columns = np.empty((len(run), len(theta)))
        columns[:, 0] = floor / loss
        columns[:, 1] = mixture_part / loss
        columns[:, 2] = -above * log_e[run]
        if varies:
            columns[:, 3] = volume_part / loss
            columns[:, 4] = -columns[:, 3] * log_volume
        columns[:, at:] = (-theta[2] * above)[:, None] * slopes[run]
        return np.log(loss), columns

    return evaluate


LAWS = {"bimix": bimix, "bimix-transfer": transfer}


def solve(problem, start, options):
    run = np.array(problem["rowRun"])
    observed = np.array(problem["logLosses"])
    evaluate = LAWS[problem["law"]](
        problem, np.array(problem["shares"]), run, np.log(np.array(problem["volume"]))
    )
    # The prior as rows of its own: prior @ theta - mean.
    prior = np.array(problem["prior"]).reshape(-1, len(start))
    mean = np.array(problem["priorMean"])
    last = {}

    def at(theta):
        if last.get("theta") is None or not np.array_equal(last["theta"], theta):
            last["theta"] = theta.copy()
            last["value"] = evaluate(theta)
        return last["value"]

    def residuals(theta):
        return np.concatenate([at(theta)[0] - observed, prior @ theta - mean])

    def jacobian(theta):
        return np.vstack([at(theta)[1], prior])

    before = time.process_time()
    solution = least_squares(
        residuals,
        np.clip(start, problem["lower"], problem["upper"]),
        jac=jacobian,
        bounds=(problem["lower"], problem["upper"]),
        method="trf",
        **options,
    )
    return time.process_time() - before, 2 * solution.cost


def main():
    with open(sys.argv[1]) as file:
        request = json.load(file)
    results = []
    for problem in request["problems"]:
        runs = [
            [solve(problem, np.array(start), request["options"]) for start in problem["starts"]]
            for _ in range(request["repeats"])
        ]
        results.append(
            {
                "seconds": [min(r[i][0] for r in runs) for i in range(len(problem["starts"]))],
                "objectives": [solution[1] for solution in runs[0]],
            }
        )
    json.dump(results, sys.stdout)


if __name__ == "__main__":
    main()
