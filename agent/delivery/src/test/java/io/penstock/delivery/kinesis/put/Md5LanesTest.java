package io.penstock.delivery.kinesis.put;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.delivery.kinesis.shards.Hash128;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class Md5LanesTest {
    private final SplittableRandom random = new SplittableRandom(1);

    @Test
    void everyLengthUpToSeveralBlocksHashesAsTheJdkDoes() {
        int[] lengths = new int[300];
        Arrays.setAll(lengths, i -> i);
        hashesAsTheJdkDoes(new Md5Lanes(300), lengths);
    }

    @Test
    void messagesOfAnyLengthsShareALoad() {
        Md5Lanes lanes = new Md5Lanes(128);
        for (int round = 0; round < 50; round++) {
            int most = 1 << random.nextInt(14);
            hashesAsTheJdkDoes(
                    lanes, random.ints(random.nextInt(1, 129), 0, most + 1).toArray());
        }
    }

    private void hashesAsTheJdkDoes(Md5Lanes lanes, int... lengths) {
        byte[][] messages = new byte[lengths.length][];
        int[] from = new int[lengths.length];
        int[] to = new int[lengths.length];
        for (int i = 0; i < lengths.length; i++) {
            from[i] = random.nextInt(5);
            to[i] = from[i] + lengths[i];
            messages[i] = new byte[to[i] + random.nextInt(5)];
            random.nextBytes(messages[i]);
        }
        Hash128[] digests = new Hash128[lengths.length];
        lanes.hash(messages, from, to, lengths.length, (lane, high, low) -> digests[lane] = new Hash128(high, low));
        for (int i = 0; i < lengths.length; i++) {
            assertEquals(
                    Hash128.ofKey(Arrays.copyOfRange(messages[i], from[i], to[i])),
                    digests[i],
                    "a message of " + lengths[i] + " bytes");
        }
    }
}
