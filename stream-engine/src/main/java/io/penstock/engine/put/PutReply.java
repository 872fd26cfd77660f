package io.penstock.engine.put;

import io.penstock.engine.fault.ErrorType;

/** Receives the result of a put, once, on the event loop of its call. */
interface PutReply {
    void stored(PutResult result);

    void refused(ErrorType reason, String message);
}
