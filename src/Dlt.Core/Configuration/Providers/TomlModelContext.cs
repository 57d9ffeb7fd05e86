using Tomlyn.Model;
using Tomlyn.Serialization;

namespace Dlt.Configuration;

/// <summary>Reads TOML tables without reflection, so trimmed and AOT-compiled programs can read them.</summary>
[TomlSerializable(typeof(TomlTable))]
internal sealed partial class TomlModelContext : TomlSerializerContext;
