package io.penstock.agent.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("A tokens file")
class TokenEntriesTest {
    private static final String HASH = "sha256$" + "A".repeat(43) + "=";

    @TempDir
    private Path folder;

    private static boolean knows(TokenEntries entries, String token) {
        return entries.find(token.getBytes(StandardCharsets.US_ASCII)).isPresent();
    }

    @Test
    void keepsHashesByWhichTokensAreFound() throws IOException {
        Path file = folder.resolve("tokens");
        String one = TokenEntries.random();
        String two = TokenEntries.random();
        assertNotEquals(one, two);
        TokenEntries.empty()
                .with("one", one, List.of())
                .with("two", two, List.of("b", "a"))
                .write(file);
        assertFalse(Files.readString(file).contains(one));
        TokenEntries read = TokenEntries.read(file);
        assertTrue(knows(read, one));
        assertEquals(
                Set.of("a", "b"),
                read.find(two.getBytes(StandardCharsets.US_ASCII)).orElseThrow().streams());
        assertFalse(knows(read, one + "x"));
        assertFalse(knows(read, ""));
        assertFalse(knows(read.without("one"), one));
        assertFalse(knows(read.with("one", two, List.of()), one));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "web | it is neither name:sha256$hash nor",
                "web:plain | it is neither name:sha256$hash nor",
                "web:HASH:a:b | it is neither name:sha256$hash nor",
                "web:HASH: | '' is no stream name",
                "web:HASH:a,,b | '' is no stream name",
                "web:sha256$AAAA | the hash has not 32 bytes",
                "web:sha256$? | the hash is no Base64",
                ":HASH | a token's name has 1 to 128 characters",
                "first:HASH | 'first' stands in an earlier line",
            })
    void withAWrongLineIsRefusedByItsNumber(String line, String error) throws IOException {
        Path file = Files.write(
                folder.resolve("tokens"), List.of("# tokens", "", "first:" + HASH, line.replace("HASH", HASH)));
        IOException failed = assertThrows(IOException.class, () -> TokenEntries.read(file));
        assertTrue(failed.getMessage().contains("line 4: "), failed.getMessage());
        assertTrue(failed.getMessage().contains(error), failed.getMessage());
    }
}
