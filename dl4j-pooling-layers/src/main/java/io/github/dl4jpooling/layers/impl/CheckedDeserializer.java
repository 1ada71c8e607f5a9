// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.impl;

import io.github.dl4jpooling.layers.conf.CheckedConfiguration;
import java.io.IOException;
import org.nd4j.shade.jackson.core.JsonParser;
import org.nd4j.shade.jackson.core.JsonToken;
import org.nd4j.shade.jackson.core.util.JsonParserDelegate;
import org.nd4j.shade.jackson.databind.BeanProperty;
import org.nd4j.shade.jackson.databind.DeserializationContext;
import org.nd4j.shade.jackson.databind.JavaType;
import org.nd4j.shade.jackson.databind.JsonDeserializer;
import org.nd4j.shade.jackson.databind.JsonMappingException;
import org.nd4j.shade.jackson.databind.deser.ContextualDeserializer;
import org.nd4j.shade.jackson.databind.deser.ResolvableDeserializer;
import org.nd4j.shade.jackson.databind.exc.InvalidFormatException;
import org.nd4j.shade.jackson.databind.jsontype.TypeDeserializer;

/**
 * Reads a configuration as Jackson does by itself and then has it checked, so that a damaged file fails where it is
 * read and not in some later forward pass.
 */
public final class CheckedDeserializer extends JsonDeserializer<Object> implements ContextualDeserializer {

    private final JsonDeserializer<?> plain; // Jackson's own for the class

    /** For Jackson, which asks for one for each class. */
    public CheckedDeserializer() {
        this(null);
    }

    private CheckedDeserializer(JsonDeserializer<?> plain) {
        this.plain = plain;
    }

    @Override
    public JsonDeserializer<?> createContextual(DeserializationContext context, BeanProperty property)
            throws JsonMappingException {
        JavaType type = context.getContextualType();
        JsonDeserializer<Object> made =
                context.getFactory().createBeanDeserializer(context, type, context.getConfig().introspect(type));
        if (made instanceof ResolvableDeserializer) {
            ((ResolvableDeserializer) made).resolve(context);
        }
        return new CheckedDeserializer(context.handlePrimaryContextualization(made, property, type));
    }

    @Override
    public Object deserialize(JsonParser parser, DeserializationContext context) throws IOException {
        Object configuration = plain.deserialize(new WholeNumbers(parser), context);
        if (configuration instanceof CheckedConfiguration) {
            ((CheckedConfiguration) configuration).checkSettings();
        }
        return configuration;
    }

    @Override
    public Object deserializeWithType(
            JsonParser parser, DeserializationContext context, TypeDeserializer typeDeserializer) throws IOException {
        return typeDeserializer.deserializeTypedFromObject(parser, context);
    }

    /** Jackson makes 2 of 2.7 where a whole number is due, unless the whole mapper is told not to, which is DL4J's. */
    private static final class WholeNumbers extends JsonParserDelegate {
        private WholeNumbers(JsonParser parser) {
            super(parser);
        }

        @Override
        public int getValueAsInt() throws IOException {
            requireWhole(int.class);
            return super.getValueAsInt();
        }

        @Override
        public long getValueAsLong() throws IOException {
            requireWhole(long.class);
            return super.getValueAsLong();
        }

        private void requireWhole(Class<?> type) throws IOException {
            if (currentToken() == JsonToken.VALUE_NUMBER_FLOAT && getDoubleValue() != Math.rint(getDoubleValue())) {
                throw InvalidFormatException.from(this, "must be a whole number, got " + getText(), getText(), type);
            }
        }
    }
}
