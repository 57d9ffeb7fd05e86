using System.Globalization;

namespace Dlt.Iceberg;

/// <summary>Kinds of failure of an Iceberg operation.</summary>
public enum IcebergError
{
    /// <summary>A file is damaged, or contradicts another file that describes it.</summary>
    Corrupt,

    /// <summary>The file, table, snapshot, branch or tag does not exist.</summary>
    NotFound,

    /// <summary>The table, namespace, branch or tag already exists.</summary>
    AlreadyExists,

    /// <summary>The table uses a feature of the format that this library does not support (docs/iceberg.md).</summary>
    Unsupported,

    /// <summary>The format or the catalog does not allow the change. Nothing was written.</summary>
    Illegal,

    /// <summary>A commit of another writer contradicts this one. The table is as the other writer left it.</summary>
    Conflict,

    /// <summary>The answer to a commit was lost, and the table does not show whether it was made. Nothing was deleted.</summary>
    CommitStateUnknown,

    /// <summary>The server of the catalog does not answer, or refuses the login or the call. Nothing was changed.</summary>
    Refused,
}

/// <summary>Reports that an Iceberg operation failed.</summary>
public sealed class IcebergException : DltException
{
    /// <summary>Creates an error.</summary>
    /// <param name="error">The kind of failure.</param>
    /// <param name="message">What happened, to which thing, the state that this leaves, and the remedy.</param>
    /// <param name="innerException">The cause; null for none.</param>
    public IcebergException(IcebergError error, string message, Exception? innerException = null) : base(message, innerException) =>
        Error = error;

    /// <summary>The kind of failure.</summary>
    public IcebergError Error { get; }

    /// <summary>Location of the file that the error is about; null when it is not about one file.</summary>
    public string? File { get; init; }

    /// <summary>Byte offset of the damage in <see cref="File"/>; null when it is not known.</summary>
    public long? Offset { get; init; }

    /// <summary>Creates the error for a damaged file. Its message says that the table was not changed.</summary>
    /// <param name="file">Location of the file.</param>
    /// <param name="what">The damage, as a clause without a full stop.</param>
    /// <param name="offset">Byte offset of the damage; null when it is not known.</param>
    /// <param name="inner">The error that revealed the damage; null for none.</param>
    public static IcebergException Corrupt(string file, string what, long? offset = null, Exception? inner = null)
    {
        var place = offset is { } at ? string.Create(CultureInfo.InvariantCulture, $", byte {at}") : "";
        var message = $"{file}{place}: {what}. The table was not changed. Restore the file, or read an older snapshot.";
        return new(IcebergError.Corrupt, message, inner) { File = file, Offset = offset };
    }

    internal static IcebergException Unsupported(string file, string what)
    {
        var message = $"{file}: {what}, which is not supported. docs/iceberg.md lists the supported features.";
        return new(IcebergError.Unsupported, message) { File = file };
    }

    internal static IcebergException Illegal(string what) =>
        new(IcebergError.Illegal, what + " Nothing was written; the table is as before.");
}
