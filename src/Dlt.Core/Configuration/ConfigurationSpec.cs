using System.Collections.Immutable;

namespace Dlt.Configuration;

/// <summary>Types of configuration fields.</summary>
internal enum ConfigurationType
{
    Text,
    Integer,
    Double,
    Bool,
    /// <summary>Decimal number that keeps its digits.</summary>
    Decimal,
    /// <summary>Date and time: ISO 8601, or seconds since 1970.</summary>
    Timestamp,
    /// <summary>Date: ISO 8601, or seconds since 1970.</summary>
    Date,
    /// <summary>Time of day: ISO 8601.</summary>
    Time,
    /// <summary>Bytes as base64 text.</summary>
    Binary,
    /// <summary>Object: a table, or JSON text.</summary>
    Map,
    /// <summary>List: an array, or JSON text.</summary>
    List,
    /// <summary>Value of any type.</summary>
    Any,
}

/// <summary>One field of a configuration record.</summary>
internal sealed record ConfigurationField(string Name, ConfigurationType Type = ConfigurationType.Text)
{
    /// <summary>Value when the field is not set; null leaves an optional field empty.</summary>
    public JsonValue? Default { get; init; }

    /// <summary>False when a missing value is an error.</summary>
    public bool IsOptional { get; init; } = true;

    /// <summary>True when only providers for secrets may contain the value.</summary>
    public bool IsSecret { get; init; }

    /// <summary>Other names of the field. The documentation of dlt shows some names that its code never read.</summary>
    public ImmutableArray<string> Synonyms { get; init; } = [];

    /// <summary>Allowed values; empty for any value.</summary>
    public ImmutableArray<string> Allowed { get; init; } = [];

    /// <summary>Accepts values in addition to <see cref="Allowed"/>; null for none.</summary>
    public Func<string, bool>? AlsoAllowed { get; init; }

    /// <summary>Allowed numbers; null for all.</summary>
    public ConfigurationRange? Range { get; init; }

    /// <summary>The record that this field embeds; null for a plain field.</summary>
    public ConfigurationSpec? Embedded { get; init; }

    /// <summary>
    /// Operations that must not run while the field is set in a section where nothing reads it, because ignoring it would do harm.
    /// </summary>
    public Stops StopsWhereMisplaced { get; init; }

    /// <summary>True when the misplaced field also stops operations on a local account.</summary>
    public bool StopsLocally { get; init; }

    /// <summary>Effect of setting a field that is not supported here; null for a supported field.</summary>
    public UnsupportedSetting? Unsupported { get; init; }
}

/// <summary>A configuration record: its name, its section and its fields.</summary>
internal sealed record ConfigurationSpec(string Name, ImmutableArray<ConfigurationField> Fields)
{
    /// <summary>Section of the record, such as <c>data_writer</c>.</summary>
    public string? Section { get; init; }

    /// <summary>
    /// Fields that Python dlt's record has and that are not supported here; each has a <see cref="ConfigurationField.Unsupported"/>.
    /// </summary>
    public ImmutableArray<ConfigurationField> Others { get; init; } = [];

    /// <summary>Fields that must be set together, such as the two halves of an access key.</summary>
    public ImmutableArray<string> Together { get; init; } = [];

    /// <summary>True when a remaining placeholder counts as not set.</summary>
    public bool MayBePlaceholder { get; init; }

    /// <summary>All names of the record's settings, including synonyms.</summary>
    public IEnumerable<string> Names => Fields.Concat(Others).SelectMany(f => f.Synonyms.Prepend(f.Name));
}
