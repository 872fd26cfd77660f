package io.penstock.engine.api;

import io.penstock.engine.wire.Codec;
import io.penstock.engine.wire.Input;
import java.io.IOException;

/** One operation of the API. Called on a thread that may block. */
@FunctionalInterface
interface Operation {
    /** What an operation without a result answers. */
    byte[] NOTHING = {};

    /**
     * Carries the call out and returns the answer's body.
     *
     * @throws io.penstock.engine.fault.ServiceException when the call is refused
     */
    byte[] answer(Input input, Codec codec) throws IOException;
}
