using Tomlyn.Model;
using Tomlyn.Serialization;

namespace Dlt.Configuration;

/// <summary>Reads TOML tables without reflection, so that trimmed programs and those compiled ahead read them too.</summary>
[TomlSerializable(typeof(TomlTable))]
internal sealed partial class TomlModelContext : TomlSerializerContext;
