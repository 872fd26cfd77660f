package io.penstock.agent.config;

/**
 * One thing that is wrong with a configuration.
 *
 * @param line where it stands, from 1; 0 when it stands nowhere (the file itself, a missing key)
 * @param column from 1; 0 as for {@code line}
 * @param key path of the key, such as {@code routes[2].stream}; empty when it concerns the whole file
 * @param reason what is wrong, naming the value
 * @param remedy what to write instead
 */
public record Mistake(int line, int column, String key, String reason, String remedy) {

    /** One line as compilers print them, so that editors jump to it: {@code FILE:LINE:COLUMN: KEY: REASON; REMEDY}. */
    public String describe(String file) {
        StringBuilder text = new StringBuilder(file);
        if (line > 0) {
            text.append(':').append(line).append(':').append(column);
        }
        text.append(": ");
        if (!key.isEmpty()) {
            text.append(key).append(": ");
        }
        text.append(reason);
        if (!remedy.isEmpty()) {
            text.append("; ").append(remedy);
        }
        return text.toString();
    }
}
