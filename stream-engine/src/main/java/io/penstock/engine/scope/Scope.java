package io.penstock.engine.scope;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An account in a region. Streams and channels of different scopes are kept apart; their names are unique within one.
 *
 * @param account twelve digits
 * @param region as in credential scopes and ARNs
 */
public record Scope(String account, String region) {
    /** Of a call whose scope does not matter. */
    public static final Scope NONE = new Scope("", "");

    private static final String CREDENTIAL = "Credential=";
    private static final Pattern REGION = Pattern.compile("[a-z0-9-]{1,32}");
    private static final Pattern ACCOUNT = Pattern.compile("\\d{12}");
    private static final int REGION_AT = 3;
    private static final int ACCOUNT_AT = 4;

    /** The ARN of a resource of the scope, which is given as in {@code stream/orders}. */
    public String arn(String resource) {
        return "arn:aws:kinesis:" + region + ":" + account + ":" + resource;
    }

    /** The scope that an ARN names; empty if the text is none. */
    public static Optional<Scope> ofArn(String arn) {
        String[] parts = arn.split(":", ACCOUNT_AT + 2);
        return parts.length == ACCOUNT_AT + 2
                ? Optional.of(new Scope(parts[ACCOUNT_AT], parts[REGION_AT]))
                : Optional.empty();
    }

    /**
     * The scope of a call: the region of its credential scope, and the account that an access key id of twelve digits
     * names. What the header does not give is this scope's.
     *
     * @param authorization the header {@code Authorization} of Signature Version 4; may be empty or anything else
     */
    public Scope ofCall(String authorization) {
        int at = authorization.indexOf(CREDENTIAL);
        if (at < 0) {
            return this;
        }
        int from = at + CREDENTIAL.length();
        int date = authorization.indexOf('/', from);
        int place = date < 0 ? -1 : authorization.indexOf('/', date + 1);
        int end = place < 0 ? -1 : authorization.indexOf('/', place + 1);
        if (end < 0) {
            return this;
        }
        String id = authorization.substring(from, date);
        String given = authorization.substring(place + 1, end);
        boolean sameAccount = !ACCOUNT.matcher(id).matches() || id.equals(account);
        boolean sameRegion = !REGION.matcher(given).matches() || given.equals(region);
        return sameAccount && sameRegion ? this : new Scope(sameAccount ? account : id, sameRegion ? region : given);
    }

    @Override
    public String toString() {
        return account + "/" + region;
    }
}
