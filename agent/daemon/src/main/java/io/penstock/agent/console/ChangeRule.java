package io.penstock.agent.console;

import com.linecorp.armeria.common.HttpRequest;
import io.penstock.agent.http.answer.Problem;
import java.util.function.Predicate;

/**
 * Whether a request may change something.
 *
 * @param allows asked on event loops; must not block
 * @param refusal the answer to any other request, and what the page says beside its buttons
 */
public record ChangeRule(Predicate<HttpRequest> allows, Problem refusal) {}
