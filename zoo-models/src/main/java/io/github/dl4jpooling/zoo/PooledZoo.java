// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo;

import io.github.dl4jpooling.zoo.model.DppResNet;
import io.github.dl4jpooling.zoo.model.GoogLeNet;
import io.github.dl4jpooling.zoo.model.HostModel;
import io.github.dl4jpooling.zoo.model.HostModels;
import io.github.dl4jpooling.zoo.model.LipDenseNet;
import io.github.dl4jpooling.zoo.model.LipResNet;
import io.github.dl4jpooling.zoo.model.MobileNetV2;
import io.github.dl4jpooling.zoo.model.ModelBuilder;
import io.github.dl4jpooling.zoo.model.NetworkInNetwork;
import io.github.dl4jpooling.zoo.model.PretextNet;
import io.github.dl4jpooling.zoo.model.RegionNet;
import io.github.dl4jpooling.zoo.model.SoftPoolResNet;
import io.github.dl4jpooling.zoo.model.SppNet;
import io.github.dl4jpooling.zoo.model.StochasticPoolingNet;
import io.github.dl4jpooling.zoo.model.TreeGatedCnn;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;

/**
 * Architectures with any pooling: those of deeplearning4j-zoo, and those that the literature on pooling uses.
 *
 * <pre>{@code
 * ComputationGraph network = PooledZoo.resNet50().pooling(Pooling.soft()).numClasses(10).build().init();
 * }</pre>
 *
 * <p>{@code docs/zoo.md} has a table of all with sizes and places of pooling. DL4J's NASNet is not among them: its
 * configuration cannot be built in 1.0.0-M2.1.
 */
public final class PooledZoo {
    private static final Map<String, Supplier<ModelBuilder<?>>> MODELS = new LinkedHashMap<>();

    static {
        MODELS.put("lenet", PooledZoo::leNet);
        MODELS.put("simplecnn", PooledZoo::simpleCnn);
        MODELS.put("alexnet", PooledZoo::alexNet);
        MODELS.put("vgg16", PooledZoo::vgg16);
        MODELS.put("vgg19", PooledZoo::vgg19);
        MODELS.put("resnet50", PooledZoo::resNet50);
        MODELS.put("squeezenet", PooledZoo::squeezeNet);
        MODELS.put("darknet19", PooledZoo::darknet19);
        MODELS.put("tinyyolo", PooledZoo::tinyYolo);
        MODELS.put("yolo2", PooledZoo::yolo2);
        MODELS.put("xception", PooledZoo::xception);
        MODELS.put("inceptionresnetv1", PooledZoo::inceptionResNetV1);
        MODELS.put("unet", PooledZoo::uNet);
        MODELS.put("facenet", PooledZoo::faceNetNn4Small2);
        MODELS.put("googlenet", PooledZoo::googLeNet);
        MODELS.put("mobilenetv2", PooledZoo::mobileNetV2);
        MODELS.put("lip-resnet50", PooledZoo::lipResNet);
        MODELS.put("lip-resnet101", () -> lipResNet().depth(101));
        MODELS.put("lip-densenet121", PooledZoo::lipDenseNet);
        MODELS.put("softpool-resnet50", PooledZoo::softPoolResNet);
        MODELS.put("dpp-resnet110", PooledZoo::dppResNet);
        MODELS.put("tree-gated-cnn", PooledZoo::treeGatedCnn);
        MODELS.put("stochastic-pooling-net", PooledZoo::stochasticPoolingNet);
        MODELS.put("nin", PooledZoo::networkInNetwork);
        MODELS.put("spp-net", PooledZoo::sppNet);
        MODELS.put("region-net", PooledZoo::regionNet);
    }

    private PooledZoo() {}

    /** @return names of all models, for {@link #named} */
    public static List<String> names() {
        return List.copyOf(MODELS.keySet());
    }

    /**
     * Looks a model up, for command lines and configuration files.
     *
     * @param name one of {@link #names()}
     * @return a new builder
     * @throws IllegalArgumentException if there is none of this name; the message lists the names
     */
    public static ModelBuilder<?> named(String name) {
        Supplier<ModelBuilder<?>> model = MODELS.get(name);
        if (model == null) {
            throw new IllegalArgumentException(
                    "model \"" + name + "\" is unknown, expected " + String.join(", ", names()));
        }
        return model.get();
    }

    /** @return LeNet for 10 classes of 1x28x28 */
    public static HostModel.Builder<MultiLayerNetwork> leNet() {
        return HostModels.leNet();
    }

    /** @return SimpleCNN for 10 classes of 3x48x48. DL4J's cannot be trained: it has no output layer. This one has. */
    public static HostModel.Builder<MultiLayerNetwork> simpleCnn() {
        return HostModels.simpleCnn();
    }

    /** @return AlexNet for 1000 classes of 3x224x224 */
    public static HostModel.Builder<MultiLayerNetwork> alexNet() {
        return HostModels.alexNet();
    }

    /** @return VGG-16 for 1000 classes of 3x224x224 */
    public static HostModel.Builder<ComputationGraph> vgg16() {
        return HostModels.vgg16();
    }

    /** @return VGG-19 for 1000 classes of 3x224x224, with one dense layer of 4096 as DL4J has it; the paper has two */
    public static HostModel.Builder<ComputationGraph> vgg19() {
        return HostModels.vgg19();
    }

    /**
     * ResNet-50. DL4J's first weights give NaN, and its "avgpool" is a maximum: this one has He's initialisation,
     * Adam(0.001) and a global average, which takes images of any size from 32x32.
     *
     * @return ResNet-50 for 1000 classes of 3x224x224
     */
    public static HostModel.Builder<ComputationGraph> resNet50() {
        return HostModels.resNet50();
    }

    /** @return SqueezeNet for 1000 classes of 3x227x227 */
    public static HostModel.Builder<ComputationGraph> squeezeNet() {
        return HostModels.squeezeNet();
    }

    /** @return Darknet-19 for 1000 classes of 3x224x224 */
    public static HostModel.Builder<ComputationGraph> darknet19() {
        return HostModels.darknet19();
    }

    /** @return Tiny YOLO for 20 classes of objects in 3x416x416 */
    public static HostModel.Builder<ComputationGraph> tinyYolo() {
        return HostModels.tinyYolo();
    }

    /** @return YOLOv2 for 20 classes of objects in 3x608x608 */
    public static HostModel.Builder<ComputationGraph> yolo2() {
        return HostModels.yolo2();
    }

    /** @return Xception for 1000 classes of 3x299x299 */
    public static HostModel.Builder<ComputationGraph> xception() {
        return HostModels.xception();
    }

    /** @return Inception-ResNet v1 for 1000 classes of 3x160x160; its last average pooling is 1x1 with stride 2 */
    public static HostModel.Builder<ComputationGraph> inceptionResNetV1() {
        return HostModels.inceptionResNetV1();
    }

    /** @return U-Net for 3x512x512, with one output channel, which DL4J does not let choose */
    public static HostModel.Builder<ComputationGraph> uNet() {
        return HostModels.uNet();
    }

    /** @return FaceNet NN4.small2 for 1000 classes of 3x96x96; some of its poolings are p-norms */
    public static HostModel.Builder<ComputationGraph> faceNetNn4Small2() {
        return HostModels.faceNetNn4Small2();
    }

    /** @return GoogLeNet for 1000 classes of 3x224x224 */
    public static GoogLeNet.Builder googLeNet() {
        return GoogLeNet.builder();
    }

    /** @return MobileNetV2 for 1000 classes of 3x224x224 */
    public static MobileNetV2.Builder mobileNetV2() {
        return MobileNetV2.builder();
    }

    /** @return LIP-ResNet-50 for 1000 classes of 3x224x224; {@code depth(101)} for the other */
    public static LipResNet.Builder lipResNet() {
        return LipResNet.builder();
    }

    /** @return LIP-DenseNet-121 for 1000 classes of 3x224x224 */
    public static LipDenseNet.Builder lipDenseNet() {
        return LipDenseNet.builder();
    }

    /** @return SoftPool-ResNet-50 for 1000 classes of 3x224x224; other depths by {@code depth} */
    public static SoftPoolResNet.Builder softPoolResNet() {
        return SoftPoolResNet.builder();
    }

    /** @return DPP-ResNet-110 for 10 classes of 3x32x32; other depths by {@code depth} */
    public static DppResNet.Builder dppResNet() {
        return DppResNet.builder();
    }

    /** @return the network of Lee et al. with tree and gated pooling for 10 classes of 3x32x32 */
    public static TreeGatedCnn.Builder treeGatedCnn() {
        return TreeGatedCnn.builder();
    }

    /** @return Zeiler and Fergus' network with stochastic pooling for 10 classes of 3x32x32 */
    public static StochasticPoolingNet.Builder stochasticPoolingNet() {
        return StochasticPoolingNet.builder();
    }

    /** @return network in network for 10 classes of 3x32x32 */
    public static NetworkInNetwork.Builder networkInNetwork() {
        return NetworkInNetwork.builder();
    }

    /** @return SPP-net for 1000 classes of images of any size */
    public static SppNet.Builder sppNet() {
        return SppNet.builder();
    }

    /** @return a classifier of regions, in the manner of Fast R-CNN, for 10 classes in 3x112x112 */
    public static RegionNet.Builder regionNet() {
        return RegionNet.builder();
    }

    /**
     * The network of a pretext task. Not among {@link #names()}: it gives images or projections, not classes.
     *
     * @return an encoder with pooling, and a decoder, for 1x28x28
     */
    public static PretextNet.Builder pretextNet() {
        return PretextNet.builder();
    }
}
