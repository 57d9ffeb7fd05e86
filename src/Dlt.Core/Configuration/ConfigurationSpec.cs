using System.Collections.Immutable;
using Dlt.Json;

namespace Dlt.Configuration;

/// <summary>Types of configuration fields.</summary>
internal enum ConfigurationType
{
    Text,
    Integer,
    Double,
    Bool,
    /// <summary>A number that keeps its digits.</summary>
    Decimal,
    /// <summary>ISO 8601, or seconds since 1970.</summary>
    Timestamp,
    /// <summary>A day: ISO 8601, or seconds since 1970.</summary>
    Date,
    /// <summary>A time of day: ISO 8601.</summary>
    Time,
    /// <summary>Base64.</summary>
    Binary,
    /// <summary>A table, or JSON text of an object.</summary>
    Map,
    /// <summary>An array, or JSON text of one.</summary>
    List,
    /// <summary>Any value.</summary>
    Any,
}

/// <summary>One field of a configuration record.</summary>
internal sealed record ConfigurationField(string Name, ConfigurationType Type = ConfigurationType.Text)
{
    /// <summary>The value when nobody sets one; null leaves the field empty if it is optional.</summary>
    public JsonValue? Default { get; init; }

    /// <summary>False: a missing value is an error.</summary>
    public bool IsOptional { get; init; } = true;

    /// <summary>Only providers for secrets may hold it.</summary>
    public bool IsSecret { get; init; }

    /// <summary>Other names of the field; the documentation page of dlt shows some that its code never read.</summary>
    public ImmutableArray<string> Synonyms { get; init; } = [];

    /// <summary>The values that are allowed; empty for any.</summary>
    public ImmutableArray<string> Allowed { get; init; } = [];

    /// <summary>What else is allowed beside <see cref="Allowed"/>; null for nothing.</summary>
    public Func<string, bool>? AlsoAllowed { get; init; }

    /// <summary>The numbers that are allowed; null for all.</summary>
    public ConfigurationRange? Range { get; init; }

    /// <summary>The record that this field embeds.</summary>
    public ConfigurationSpec? Embedded { get; init; }

    /// <summary>What follows when somebody sets the field, which has no effect here; null for a field that is read.</summary>
    public Neglect? Neglect { get; init; }
}

/// <summary>A configuration record: its name, its section and its fields.</summary>
internal sealed record ConfigurationSpec(string Name, ImmutableArray<ConfigurationField> Fields)
{
    /// <summary>The section that the record owns, such as <c>data_writer</c>.</summary>
    public string? Section { get; init; }

    /// <summary>Fields that dlt's record has and nothing here asks for; each has a <see cref="ConfigurationField.Neglect"/>.</summary>
    public ImmutableArray<ConfigurationField> Others { get; init; } = [];

    /// <summary>Fields that are set together or not at all, such as the two halves of an access key.</summary>
    public ImmutableArray<string> Together { get; init; } = [];

    /// <summary>True: what is still a placeholder counts as not set.</summary>
    public bool MayBePlaceholder { get; init; }

    /// <summary>Every name that is a setting of the record.</summary>
    public IEnumerable<string> Names => Fields.Concat(Others).SelectMany(f => f.Synonyms.Prepend(f.Name));
}
