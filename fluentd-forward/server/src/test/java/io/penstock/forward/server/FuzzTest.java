package io.penstock.forward.server;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FuzzTest {
    private static final ForwardSettings SETTINGS = ForwardSettings.on().withChunks(256 * 1024, 1_000, 16, 100);

    private static final byte[] ENTRIES = Pack.of()
            .entry(10, 1)
            .hex(
                    "92 92 d7 00 6553f100 00000000 81 a1 6d 01 83 a1 61 93 01 cb 3fb999999999999a a3 616263 a1 62 81 a1 63 c0")
            .hex("a1 64 c7 03 05 010203")
            .hex("92 ce 6553f100 81 c4 01 ff df 00000001 92 01 02 c3")
            .bytes();

    private static final List<byte[]> SEEDS = List.of(
            Pack.of()
                    .array(4)
                    .str("tag")
                    .time(10, 0)
                    .map(1)
                    .str("n")
                    .hex("d2 00000001")
                    .map(2)
                    .str("chunk")
                    .str("id")
                    .str("x")
                    .array(2)
                    .hex("01 02")
                    .bytes(),
            Pack.of()
                    .array(3)
                    .str("tag")
                    .hex("dd 00000003")
                    .raw(ENTRIES)
                    .hex("df 00000001")
                    .str("chunk")
                    .str("id")
                    .bytes(),
            Pack.of()
                    .array(3)
                    .str("tag")
                    .bin(ENTRIES)
                    .map(1)
                    .str("chunk")
                    .str("id")
                    .bytes(),
            Pack.of()
                    .array(3)
                    .str("tag")
                    .bin(Pack.gzip(ENTRIES))
                    .map(2)
                    .str("compressed")
                    .str("gzip")
                    .str("chunk")
                    .str("id")
                    .bytes(),
            Pack.of()
                    .array(3)
                    .str("tag")
                    .bin(com.github.luben.zstd.Zstd.compress(ENTRIES))
                    .map(1)
                    .str("compressed")
                    .str("zstd")
                    .bytes());

    /** Anything but a {@link BadChunkException}, and any memory not given back, fails the test. */
    @Test
    void mutatedMessagesAreTakenOrRefusedAndLeakNothing() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        int refused = 0;
        int taken = 0;
        for (int i = 0; i < 60_000; i++) {
            byte[] message =
                    mutate(random, SEEDS.get(random.nextInt(SEEDS.size())).clone());
            try (Wire wire = new Wire(SETTINGS)) {
                int cut = random.nextInt(message.length + 1);
                wire.read(Arrays.copyOf(message, cut));
                wire.read(Arrays.copyOfRange(message, cut, message.length));
                taken += wire.acks.size();
            } catch (BadChunkException e) {
                assertTrue(!e.detail().isEmpty() && e.at() >= 0, "seed " + seed + ", message " + i);
                refused++;
            } catch (RuntimeException | Error e) {
                throw new AssertionError("seed " + seed + ", message " + i, e);
            }
        }
        assertTrue(refused > 1_000 && taken > 1_000, refused + " refused, " + taken + " taken");
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
