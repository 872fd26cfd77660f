package io.penstock.agent.admin;

import io.penstock.base.files.ReplacedFile;
import io.penstock.base.text.CauseText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A random word that lies in the data folder of a running agent, which only its own user and root can read: a request
 * that has it comes from one of them. Each start makes another one. Immutable; any thread.
 */
public final class AdminKey {
    private static final Logger LOG = LoggerFactory.getLogger(AdminKey.class);
    private static final String FILE = "admin.key";
    private static final int BYTES = 32;
    private static final int LONGEST = 1024;

    private final String word;

    private AdminKey(String word) {
        this.word = word;
    }

    /** That no other process can read. */
    static AdminKey unwritten() {
        byte[] random = new byte[BYTES];
        new SecureRandom().nextBytes(random);
        return new AdminKey(HexFormat.of().formatHex(random));
    }

    /** Makes one for the agent of this data folder. Without room on disk no other process can read it. */
    public static AdminKey create(Path data) {
        AdminKey key = unwritten();
        try {
            ReplacedFile.write(data.resolve(FILE), List.of(key.word));
        } catch (IOException noRoom) {
            LOG.warn(
                    "{} cannot be written ({}): penstock reload works with admin.allow-changes: true only",
                    data.resolve(FILE),
                    CauseText.orUnknown(noRoom));
        }
        return key;
    }

    /** The word of the agent that runs, or ran last, on this data folder. */
    public static String read(Path data) throws IOException {
        try (var in = Files.newInputStream(data.resolve(FILE))) {
            return new String(in.readNBytes(LONGEST), StandardCharsets.US_ASCII).strip();
        }
    }

    /** True for the word of this key. Takes as long for a wrong one as for a right one. */
    boolean is(String given) {
        return MessageDigest.isEqual(word.getBytes(StandardCharsets.US_ASCII), given.getBytes(StandardCharsets.UTF_8));
    }
}
