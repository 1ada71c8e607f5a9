// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.model;

import io.github.dl4jpooling.zoo.text.Table;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.api.Model;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Starts a network with the weights of another one, such as a pretrained encoder: parameters are copied where both have
 * a layer of the same name with a parameter of the same name and shape. What was copied, and what was not and why, is
 * in the report.
 *
 * <pre>{@code
 * WeightCopy copy = WeightCopy.of(pretext, classifier, PretextNet.ENCODER);
 * System.out.print(copy.report());
 * }</pre>
 *
 * <p>Names are those that {@link Model#paramTable()} uses: "conv1_W"; in a {@code MultiLayerNetwork} layers are
 * numbered, "0_W". Layers without parameters have nothing to copy. Updaters keep their state.
 */
public final class WeightCopy {
    private final List<String> copied = new ArrayList<>();
    private final Map<String, String> left = new LinkedHashMap<>();
    private final Map<String, String> shapes = new LinkedHashMap<>();

    private WeightCopy() {}

    /**
     * Copies all that fits.
     *
     * @param source whose weights are taken. Not modified.
     * @param target who gets them. Modified.
     * @return what was copied
     */
    public static WeightCopy of(Model source, Model target) {
        return copy(source, target, null);
    }

    /**
     * Copies what fits of some layers.
     *
     * @param source whose weights are taken. Not modified.
     * @param target who gets them. Modified.
     * @param layers names of layers of the source
     * @return what was copied
     */
    public static WeightCopy of(Model source, Model target, Collection<String> layers) {
        return copy(source, target, new LinkedHashSet<>(layers));
    }

    private static WeightCopy copy(Model source, Model target, Set<String> layers) {
        WeightCopy result = new WeightCopy();
        Map<String, INDArray> into = target.paramTable();
        source.paramTable().forEach((name, values) -> {
            if (layers == null || layers.contains(name.substring(0, name.lastIndexOf('_')))) {
                result.one(name, values, into.get(name));
            }
        });
        return result;
    }

    private void one(String name, INDArray values, INDArray place) {
        shapes.put(name, Arrays.toString(values.shape()));
        if (place == null) {
            left.put(name, "the other network has none of that name");
        } else if (!Arrays.equals(place.shape(), values.shape())) {
            left.put(name, "has shape " + Arrays.toString(place.shape()) + " in the other network");
        } else {
            place.assign(values);
            copied.add(name);
        }
    }

    /** @return names of the parameters that were copied */
    public List<String> copied() {
        return Collections.unmodifiableList(copied);
    }

    /** @return why others were not, by their names */
    public Map<String, String> left() {
        return Collections.unmodifiableMap(left);
    }

    /** @return a line for each parameter that was asked for */
    public String report() {
        Table table = new Table("Parameter", "Shape", "Copied");
        shapes.forEach(
                (name, shape) -> table.row(name, shape, left.containsKey(name) ? "no: " + left.get(name) : "yes"));
        return table.toText();
    }
}
