package io.penstock.forward.server;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FuzzTest {
    /** {@code -Dpenstock.fuzz.seed} and {@code -Dpenstock.fuzz.rounds} choose others. */
    @Test
    void damagedMessagesAreTakenOrRefusedAndLeakNothing() {
        long seed = Long.getLong("penstock.fuzz.seed", new Random().nextLong());
        Random random = new Random(seed);
        int rounds = Integer.getInteger("penstock.fuzz.rounds", 40_000);
        JsonDialect[] dialects = JsonDialect.values();
        int refused = 0;
        int taken = 0;
        for (int i = 0; i < rounds; i++) {
            List<byte[]> messages = ForwardFuzz.MESSAGES;
            byte[] message =
                    mutate(random, messages.get(random.nextInt(messages.size())).clone());
            int cut = random.nextInt(message.length + 1);
            try {
                ForwardFuzz.Outcome outcome = ForwardFuzz.check(message, cut, dialects[i % dialects.length]);
                refused += outcome.isRefused() ? 1 : 0;
                taken += outcome.tags().isEmpty() ? 0 : 1;
            } catch (RuntimeException | Error e) {
                throw new AssertionError("seed " + seed + ", message " + i, e);
            }
        }
        assertTrue(refused > rounds / 60 && taken > rounds / 60, refused + " refused, " + taken + " taken");
    }

    private static byte[] mutate(Random random, byte[] message) {
        byte[] mutant = message;
        for (int n = random.nextInt(4); n >= 0; n--) {
            int at = random.nextInt(mutant.length);
            switch (random.nextInt(5)) {
                case 0 -> mutant[at] = (byte) random.nextInt();
                case 1 -> mutant[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> mutant[at] = (byte) (0xc0 + random.nextInt(0x20));
                case 3 -> mutant = Arrays.copyOf(mutant, Math.max(1, at));
                default -> {
                    byte[] longer = Arrays.copyOf(mutant, mutant.length + 4);
                    System.arraycopy(mutant, at, longer, at + 4, mutant.length - at);
                    mutant = longer;
                }
            }
        }
        return mutant;
    }
}
