package io.penstock.delivery.kinesis.settings;

import io.penstock.base.files.UnfitFileException;
import io.penstock.base.text.CauseText;
import java.nio.file.Path;
import software.amazon.awssdk.profiles.ProfileFile;

/** Looks whether a file of credentials has the profile that the configuration names. Blocks on the disk. */
public final class ProfileCheck {
    private ProfileCheck() {}

    /** @throws UnfitFileException if {@code file} has no profile {@code name}, or is no such file */
    public static void require(String name, Path file) throws UnfitFileException {
        ProfileFile read;
        try {
            read = ProfileFile.builder()
                    .content(file)
                    .type(ProfileFile.Type.CREDENTIALS)
                    .build();
        } catch (RuntimeException unreadable) {
            throw new UnfitFileException(file + ": " + CauseText.orUnknown(unreadable), unreadable);
        }
        if (read.profile(name).isEmpty()) {
            throw new UnfitFileException(file + ": there is no profile " + name + " in it");
        }
    }
}
