package io.penstock.delivery.kinesis.fault;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.UnknownHostException;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/** The fault of a call that got no answer. */
class FaultRulesTest {
    @Test
    void aConnectionThatThePoolWaitedForInVainIsToldInWordsThatNameWhatToLookAt() {
        Throwable pool = new Throwable("Acquire operation took longer than the configured maximum time. This indicates "
                + "that a request cannot get a connection from the pool within the specified maximum time.");
        Fault.Unavailable fault = unavailable(new CompletionException(pool));
        assertTrue(fault.detail().contains("name is not resolved"), fault::detail);
        assertTrue(fault.detail().contains("name service, route, firewall and proxy"), fault::detail);
        assertFalse(fault.detail().contains("Acquire"), fault::detail);
    }

    @Test
    void whatWasNeverSentIsNotPerhapsStored() {
        assertFalse(unavailable(new UnknownHostException("kinesis.example")).perhapsStored());
        assertFalse(unavailable(new Throwable("Acquire operation took longer than the configured maximum time."))
                .perhapsStored());
        assertTrue(unavailable(new IOException("Connection reset by peer")).perhapsStored());
    }

    private static Fault.Unavailable unavailable(Throwable thrown) {
        return assertInstanceOf(Fault.Unavailable.class, FaultRules.ofException(thrown, "kinesis.example:443"));
    }
}
