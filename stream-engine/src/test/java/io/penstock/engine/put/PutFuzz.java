package io.penstock.engine.put;

import io.penstock.engine.fault.ErrorType;
import io.penstock.engine.fault.ServiceException;
import io.penstock.engine.wire.Codec;
import io.penstock.engine.wire.Input;
import io.penstock.engine.wire.KinesisModel;
import java.util.Arrays;
import java.util.Set;

/**
 * What must hold for any body of a put, in JSON or CBOR. The entry of Jazzer, which {@code agent/bench/fuzz} runs;
 * {@link PutParserFuzzTest} tries random bodies in each build.
 */
public final class PutFuzz {
    private static final Set<ErrorType> CALLERS_FAULT = Set.of(ErrorType.SERIALIZATION, ErrorType.VALIDATION);

    private PutFuzz() {}

    /**
     * The first byte says codec and operation. An exception other than a refusal, and a body that the two ways of
     * reading it read differently, are errors.
     */
    public static void fuzzerTestOneInput(byte[] data) {
        if (data.length == 0) {
            return;
        }
        Codec codec = (data[0] & 1) == 0 ? Codec.JSON : Codec.CBOR;
        boolean single = (data[0] & 2) == 0;
        check(Arrays.copyOfRange(data, 1, data.length), codec, single);
    }

    private static void check(byte[] body, Codec codec, boolean single) {
        PutBatch fast = new PutBatch();
        boolean plain = new PutParser().plain(body, codec, single, fast);
        PutBatch slow = new PutBatch();
        try {
            Input input = Input.read(body, codec, single ? KinesisModel.PUT_RECORD : KinesisModel.PUT_RECORDS);
            new PutParser().checked(input, single, slow);
        } catch (ServiceException refused) {
            if (!CALLERS_FAULT.contains(refused.type()) || plain && refused.type() == ErrorType.SERIALIZATION) {
                throw new AssertionError("refused with " + refused.type() + ", plain: " + plain, refused);
            }
            return;
        }
        if (plain) {
            compare(fast, slow);
        }
    }

    private static void compare(PutBatch fast, PutBatch slow) {
        if (fast.count() != slow.count()) {
            throw new AssertionError(fast.count() + " records instead of " + slow.count());
        }
        for (int i = 0; i < fast.count(); i++) {
            boolean same = Arrays.equals(
                            fast.bytes(),
                            fast.keyAt(i),
                            fast.keyAt(i) + fast.keyLength(i),
                            slow.bytes(),
                            slow.keyAt(i),
                            slow.keyAt(i) + slow.keyLength(i))
                    && Arrays.equals(
                            fast.bytes(),
                            fast.dataAt(i),
                            fast.dataAt(i) + fast.dataLength(i),
                            slow.bytes(),
                            slow.dataAt(i),
                            slow.dataAt(i) + slow.dataLength(i))
                    && fast.explicit(i) == slow.explicit(i)
                    && fast.hashHigh(i) == slow.hashHigh(i)
                    && fast.hashLow(i) == slow.hashLow(i);
            if (!same) {
                throw new AssertionError("record " + i + " is read differently");
            }
        }
    }
}
