# SPDX-License-Identifier: Apache-2.0
"""Writes the networks of KerasSwapTest in the HDF5 format of Keras 2, with random weights. Needs h5py.

sequential.zip and functional.zip are what DL4J's KerasModelImport makes of them, saved with ModelSerializer.
"""
import json

import h5py
import numpy


def convolution(name, filters, **more):
    return {"class_name": "Conv2D", "name": name, "config": dict(
        name=name, trainable=True, dtype="float32", filters=filters, kernel_size=[3, 3], strides=[1, 1],
        padding="same", data_format="channels_last", dilation_rate=[1, 1], activation="relu", use_bias=True,
        kernel_initializer={"class_name": "GlorotUniform", "config": {"seed": None}},
        bias_initializer={"class_name": "Zeros", "config": {}}, kernel_regularizer=None, bias_regularizer=None,
        activity_regularizer=None, kernel_constraint=None, bias_constraint=None, **more)}


def pooling(name, kind):
    return {"class_name": kind, "name": name, "config": dict(
        name=name, trainable=True, dtype="float32", pool_size=[2, 2], strides=[2, 2], padding="valid",
        data_format="channels_last")}


def other(name, kind, **more):
    return {"class_name": kind, "name": name, "config": dict(name=name, trainable=True, dtype="float32", **more)}


def dense(name, units):
    return other(name, "Dense", units=units, activation="softmax", use_bias=True,
                 kernel_initializer={"class_name": "GlorotUniform", "config": {"seed": None}},
                 bias_initializer={"class_name": "Zeros", "config": {}}, kernel_regularizer=None,
                 bias_regularizer=None, activity_regularizer=None, kernel_constraint=None, bias_constraint=None)


def write(path, config, layers, weights):
    random = numpy.random.default_rng(7)
    with h5py.File(path, "w") as file:
        file.attrs["keras_version"] = b"2.4.0"
        file.attrs["backend"] = b"tensorflow"
        file.attrs["model_config"] = json.dumps(config).encode()
        group = file.create_group("model_weights")
        group.attrs["keras_version"] = b"2.4.0"
        group.attrs["backend"] = b"tensorflow"
        group.attrs["layer_names"] = [layer["name"].encode() for layer in layers]
        for layer in layers:
            name = layer["name"]
            own = group.create_group(name)
            names = [f"{name}/{array}:0" for array in weights.get(name, {})]
            own.attrs["weight_names"] = [n.encode() for n in names]
            for n, shape in zip(names, weights.get(name, {}).values()):
                own.create_dataset(n, data=random.normal(0, 0.3, shape).astype("float32"))


def arrays(*shape):
    return {"kernel": shape, "bias": shape[-1:]}


layers = [convolution("conv1", 4, batch_input_shape=[None, 12, 12, 2]), pooling("pool1", "MaxPooling2D"),
          convolution("conv2", 5), pooling("pool2", "AveragePooling2D"),
          other("flatten", "Flatten", data_format="channels_last"), dense("classes", 3)]
write("sequential.h5", {"class_name": "Sequential", "config": {
    "name": "sequential", "layers": [{k: layer[k] for k in ("class_name", "config")} for layer in layers]}},
    layers, {"conv1": arrays(3, 3, 2, 4), "conv2": arrays(3, 3, 4, 5), "classes": arrays(45, 3)})

layers = [other("image", "InputLayer", batch_input_shape=[None, 12, 12, 2], sparse=False, ragged=False),
          convolution("conv1", 4), pooling("left", "MaxPooling2D"), pooling("right", "AveragePooling2D"),
          other("both", "Concatenate", axis=-1), other("flatten", "Flatten", data_format="channels_last"),
          dense("classes", 3)]
inputs = {"image": [], "conv1": ["image"], "left": ["conv1"], "right": ["conv1"], "both": ["left", "right"],
          "flatten": ["both"], "classes": ["flatten"]}
for layer in layers:
    sources = [[source, 0, 0, {}] for source in inputs[layer["name"]]]
    layer["inbound_nodes"] = [sources] if sources else []
write("functional.h5", {"class_name": "Functional", "config": {
    "name": "functional", "layers": layers, "input_layers": [["image", 0, 0]],
    "output_layers": [["classes", 0, 0]]}},
    layers, {"conv1": arrays(3, 3, 2, 4), "classes": arrays(288, 3)})
