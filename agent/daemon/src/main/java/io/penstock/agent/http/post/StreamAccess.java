package io.penstock.agent.http.post;

import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.penstock.agent.auth.Identity;
import io.penstock.agent.http.answer.Problem;
import io.penstock.agent.http.answer.Refused;
import io.penstock.agent.metrics.Refusal;
import io.penstock.delivery.spool.StreamId;
import java.util.Optional;

/** Whether the identity of a request may write to where its records go. */
final class StreamAccess {
    private StreamAccess() {}

    /** @throws Refused with 403, naming the stream and the remedy */
    static void require(ServiceRequestContext ctx, StreamId stream) throws Refused {
        Optional<Identity.Objection> objection = Identity.of(ctx).objectionTo(stream.stream());
        if (objection.isPresent()) {
            throw new Refused(
                    Refusal.FORBIDDEN,
                    Problem.of(
                            HttpStatus.FORBIDDEN,
                            objection.get().error(),
                            objection.get().remedy()));
        }
    }
}
