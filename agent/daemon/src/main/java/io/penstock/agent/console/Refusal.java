package io.penstock.agent.console;

import io.penstock.agent.http.answer.Problem;

/** A request that cannot be carried out, with the answer to it. */
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    Refusal(Problem problem) {
        super(problem.error(), null, false, false);
        this.problem = problem;
    }

    Problem problem() {
        return problem;
    }
}
