package io.penstock.agent.console;

import com.linecorp.armeria.server.ServiceRequestContext;
import io.penstock.agent.http.answer.Problem;
import java.util.Optional;

/** Whether a request may change something. */
@FunctionalInterface
public interface ChangeRule {
    /**
     * Why not: the answer, and what the page says beside its buttons; empty if it may. Asked on event loops; must not
     * block.
     */
    Optional<Problem> objection(ServiceRequestContext ctx);
}
