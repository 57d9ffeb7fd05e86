using Dlt.Configuration;
using Dlt.Json;
using Dlt.Parquet;

namespace Dlt.Settings;

/// <summary>The settings of the steps of a run, read before anything is done: a value that is not possible stops the run before it begins.</summary>
internal sealed class StepSettings
{
    /// <exception cref="ConfigurationException">A value is of the wrong type, or not possible.</exception>
    public StepSettings(DltConfiguration configuration, string pipeline)
    {
        ExtractWorkers = (int)Math.Clamp(StepSpecs.Resolve(StepSpecs.Extract, configuration, pipeline, "extract")["workers"]!.AsInt64(), 1, int.MaxValue);
        Normalize = StepSpecs.Resolve(StepSpecs.Normalize, configuration, pipeline, "normalize");
        Load = StepSpecs.Resolve(StepSpecs.Load, configuration, pipeline, "load");
        Writer = WriterOf(
            StepSpecs.Resolve(StepSpecs.DataWriter, configuration, pipeline, "normalize"), StepSpecs.Resolve(StepSpecs.Parquet, configuration, pipeline, "normalize", "data_writer"));
    }

    /// <summary>Generators that run side by side.</summary>
    public int ExtractWorkers { get; }

    /// <summary>The section <c>normalize</c>.</summary>
    public JsonValue Normalize { get; }

    /// <summary>The section <c>load</c>.</summary>
    public JsonValue Load { get; }

    /// <summary>How files are written.</summary>
    public ParquetWriterOptions Writer { get; }

    private static ParquetWriterOptions WriterOf(JsonValue writer, JsonValue parquet)
    {
        static long? Number(JsonValue? value) => value is { Kind: JsonKind.Integer } ? value.AsInt64() : null;
        var options = new ParquetWriterOptions
        {
            MaxFileRows = Number(writer["file_max_items"]),
            DeltaEncodings = parquet["delta_encodings"]!.AsBool(),
        };
        if (Number(writer["file_max_bytes"]) is { } bytes) options = options with { TargetFileSizeBytes = bytes };
        if (Number(parquet["row_group_size"]) is { } rows) options = options with { RowGroupRows = (int)Math.Clamp(rows, 1, int.MaxValue) };
        if (Number(parquet["data_page_size"]) is { } page) options = options with { PageSizeBytes = (int)Math.Clamp(page, 1024, 1 << 28) };
        return parquet["compression"]!.AsString() switch
        {
            "zstd" => options,
            "snappy" => options with { Codec = ParquetCodec.Snappy },
            "gzip" => options with { Codec = ParquetCodec.Gzip },
            "none" or "uncompressed" => options with { Codec = ParquetCodec.Uncompressed },
            var other => throw new ConfigurationException($"data_writer.compression is '{other}'. Files are written with zstd, snappy, gzip or none. Nothing was run.") { Fields = ["data_writer.compression"] },
        };
    }
}
