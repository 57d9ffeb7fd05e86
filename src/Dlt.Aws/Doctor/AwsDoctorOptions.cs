using System.ComponentModel;
using Dlt.Aws;

namespace Dlt.Internal;

/// <summary>What <see cref="AwsDoctor"/> checks.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record AwsDoctorOptions
{
    /// <summary>The account with its logins and locations.</summary>
    public required AwsAccountOptions Account { get; init; }

    /// <summary>Database of the pipeline in Glue; null to check the rights on databases of any name.</summary>
    public string? Database { get; init; }

    /// <summary>True when statements of Athena, and not calls of Glue, make and change tables.</summary>
    public bool UsesStatements { get; init; }

    /// <summary>True to write nothing: no object is put, and the rights to write are not checked.</summary>
    public bool IsReadOnly { get; init; }
}
