package shop;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

public class Shop {
    private static final Logger LOG = LoggerFactory.getLogger("shop.logback");

    public static void main(String[] args) {
        LOG.atWarn().addKeyValue("item", "bread").log("sold out");
    }
}
