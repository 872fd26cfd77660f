package io.penstock.engine.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.base.files.UnfitFileException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CredentialsFileTest {
    private static final String SECRET = "0123456789abcdef";
    private static final String ONE = "[press-17]\naws_access_key_id = PRESS17\naws_secret_access_key=" + SECRET + "\n";

    @TempDir
    Path folder;

    private Path written(String text) throws IOException {
        return Files.writeString(folder.resolve("credentials"), text);
    }

    @Test
    void aClientsOwnFileCanBeUsed() throws IOException {
        Path file = written("# keys\r\n[default]\r\naws_access_key_id=A\r\naws_secret_access_key=" + SECRET
                + "=+/\r\naws_session_token = x=y\r\n; more\r\n\r\n" + ONE);
        try (CredentialsFile keys = CredentialsFile.open(file)) {
            assertEquals(Optional.of(new ClientKey("default", "A", SECRET + "=+/")), keys.find("A"));
            assertEquals("press-17", keys.find("PRESS17").orElseThrow().name());
            assertEquals(Optional.empty(), keys.find("B"));
        }
    }

    @Test
    void aChangedFileIsReadOnceItNoLongerChangesAndAnUnfitOneIsNot() throws IOException {
        Path file = written(ONE);
        try (CredentialsFile keys = CredentialsFile.unwatched(file)) {
            written("[other]\naws_access_key_id = OTHER\naws_secret_access_key=" + SECRET + SECRET + "\n");
            keys.look();
            keys.look();
            assertTrue(keys.find("OTHER").isPresent());
            assertFalse(keys.find("PRESS17").isPresent());
            written("broken");
            keys.look();
            keys.look();
            assertTrue(keys.find("OTHER").isPresent(), "the former keys stay");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | has no client",
                "aws_access_key_id = A | line 1 stands before the first section",
                "[a | line 1 is no section",
                "[] | line 1 is no section",
                "[a]\\nnonsense | line 2 is neither a section nor a setting",
                "[a]\\naws_access_key_id = A | line 1 begins a section without aws_secret_access_key",
                "[a]\\naws_secret_access_key = 0123456789abcdef | without aws_access_key_id",
                "[a]\\naws_access_key_id = A/B\\naws_secret_access_key = 0123456789abcdef | other characters",
                "[a]\\naws_access_key_id = A\\naws_secret_access_key = short | shorter than 16",
                "[a]\\naws_access_key_id = A\\naws_secret_access_key = 0123456789abcdef\\n"
                        + "[b]\\naws_access_key_id = A\\naws_secret_access_key = 0123456789abcdef"
                        + " | line 4 begins a section with the aws_access_key_id of [a]",
            })
    void anUnfitFileIsToldWithItsLine(String text, String told) throws IOException {
        Path file = written(text.replace("\\n", "\n"));
        UnfitFileException unfit = assertThrows(UnfitFileException.class, () -> CredentialEntries.read(file));
        assertTrue(unfit.text().contains(told), unfit.text());
        assertTrue(unfit.text().contains(file.toString()), unfit.text());
        assertFalse(unfit.text().contains("0123456789abcdef"), "no message holds a secret");
    }

    @Test
    void aMissingOrHugeFileIsToldOf() throws IOException {
        assertThrows(UnfitFileException.class, () -> CredentialsFile.open(folder.resolve("none")));
        Path huge = written("#".repeat((1 << 20) + 1));
        assertTrue(assertThrows(UnfitFileException.class, () -> CredentialEntries.read(huge))
                .text()
                .contains("larger than"));
    }

    @Test
    void randomBytesAreReadOrRefused() throws IOException {
        long seed = 7;
        SplittableRandom random = new SplittableRandom(seed);
        String pieces = "[]=\n\r#; aws_access_key_id aws_secret_access_key0123456789abcdef\0\u00fc";
        for (int round = 0; round < 5_000; round++) {
            StringBuilder text = new StringBuilder(random.nextBoolean() ? ONE : "");
            for (int i = random.nextInt(60); i > 0; i--) {
                int from = random.nextInt(pieces.length());
                text.insert(
                        random.nextInt(text.length() + 1),
                        pieces,
                        from,
                        Math.min(pieces.length(), from + 1 + random.nextInt(20)));
            }
            byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
            Path file = folder.resolve("random");
            try {
                CredentialEntries.parse(file, new String(bytes, StandardCharsets.UTF_8));
            } catch (UnfitFileException unfit) {
                assertTrue(unfit.text().contains("random"), "seed " + seed);
            }
        }
    }

    @Test
    void aKeyDoesNotPrintItsSecret() {
        assertFalse(new ClientKey("a", "B", SECRET).toString().contains(SECRET));
    }
}
