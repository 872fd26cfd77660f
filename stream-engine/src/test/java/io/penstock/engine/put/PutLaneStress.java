package io.penstock.engine.put;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** The guarantees between a lane on its event loop and the log's thread, see {@link PutLane}. */
final class PutLaneStress {
    private PutLaneStress() {}

    /** Puts arrive while the log makes earlier ones durable. */
    @JCStressTest
    @Outcome(id = "stored 0, stored 1", expect = ACCEPTABLE, desc = "Each reply was told once and in order.")
    @Outcome(
            id = ".*not durable.*",
            expect = FORBIDDEN,
            desc = "A reply was told that its records are stored before they were durable.")
    @Outcome(expect = FORBIDDEN, desc = "A reply was not told, told twice, or told before an earlier one.")
    @State
    public static class Storing {
        private final PutLaneScene scene = new PutLaneScene(true);

        @Actor
        public void loop() {
            scene.putTwice();
        }

        @Actor
        public void log() {
            scene.sync();
            scene.sync();
        }

        @Arbiter
        public void end(L_Result result) {
            result.r1 = scene.end();
        }
    }

    /** Puts wait for room, and the log makes room. */
    @JCStressTest
    @Outcome(id = "stored 0, stored 1", expect = ACCEPTABLE, desc = "Each reply was told once and in order.")
    @Outcome(expect = FORBIDDEN, desc = "A put that waited for room was not stored once and in order.")
    @State
    public static class Waiting {
        private final PutLaneScene scene = new PutLaneScene(false);

        @Actor
        public void loop() {
            scene.putTwice();
        }

        @Actor
        public void log() {
            scene.makeRoom();
            scene.sync();
        }

        @Arbiter
        public void end(L_Result result) {
            result.r1 = scene.end();
        }
    }

    /** The stream closes while puts arrive. */
    @JCStressTest
    @Outcome(
            id = {"stored 0, stored 1", "stored 0, refused 1", "refused 0, refused 1"},
            expect = ACCEPTABLE,
            desc = "Each reply was told once and in order, stored or refused.")
    @Outcome(
            id = "refused 1, (stored|refused) 0",
            expect = ACCEPTABLE,
            desc = "Each reply was told once; the log did not take the second put, so its refusal came first.")
    @Outcome(expect = FORBIDDEN, desc = "A stream that closed left a reply untold, or told it twice.")
    @State
    public static class Closing {
        private final PutLaneScene scene = new PutLaneScene(true);

        @Actor
        public void loop() {
            scene.putTwice();
        }

        @Actor
        public void log() {
            scene.sync();
            scene.close();
        }

        @Arbiter
        public void end(L_Result result) {
            result.r1 = scene.end();
        }
    }
}
