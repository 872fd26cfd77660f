package io.penstock.engine.api;

import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.penstock.engine.put.PutTarget;
import io.penstock.engine.wire.Codec;
import io.penstock.engine.wire.KinesisModel;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/**
 * Carries out the calls that a {@link KinesisService} has read: the engine, or an agent in front of other endpoints.
 */
public interface CallHandler {
    /** Takes the records of PutRecord and PutRecords. */
    PutTarget puts();

    /** True if an answer to this operation comes in pieces, and must not be collected. */
    boolean streams(KinesisModel operation);

    /**
     * Carries out any other call. Called on the connection's event loop; does not block it.
     *
     * @param body not to be used after the answer
     * @return fails with a {@link io.penstock.engine.fault.ServiceException} if the call is refused
     */
    CompletableFuture<HttpResponse> call(
            ServiceRequestContext context, byte[] body, Codec codec, KinesisModel operation);

    /**
     * Removes everything that calls have made, for tests. May block.
     *
     * @return false if that is not allowed here
     */
    default boolean reset() throws IOException {
        return false;
    }

    /** The server stops: ends the calls that would not end by themselves. */
    void end();
}
