package io.penstock.engine.api;

import io.penstock.engine.wire.Codec;
import io.penstock.engine.wire.Input;
import java.io.IOException;

/** One operation of the API. Called on a thread that may block. */
@FunctionalInterface
interface Operation {
    /** The body of an answer without a result. */
    byte[] NOTHING = {};

    /**
     * Executes the call and returns the answer's body.
     *
     * @throws io.penstock.engine.fault.ServiceException if the call is refused
     */
    byte[] answer(Input input, Codec codec) throws IOException;
}
