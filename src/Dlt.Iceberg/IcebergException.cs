namespace Dlt.Iceberg;

/// <summary>Why an Iceberg operation failed.</summary>
public enum IcebergError
{
    /// <summary>A file is damaged, or contradicts what another one says of it.</summary>
    Corrupt,

    /// <summary>The file, table, snapshot or ref is not there.</summary>
    NotFound,

    /// <summary>The table or ref is there already.</summary>
    AlreadyExists,

    /// <summary>A feature of the format that this library does not read or write (docs/iceberg.md).</summary>
    Unsupported,

    /// <summary>A change that the format does not allow; nothing was written.</summary>
    Illegal,

    /// <summary>Another commit contradicts this one; the table is as the other commit left it.</summary>
    Conflict,

    /// <summary>The answer to a commit was lost, and the table does not tell whether it was made; nothing was deleted.</summary>
    CommitStateUnknown,

    /// <summary>A catalog's server does not answer, or refuses the login or the call; nothing was changed.</summary>
    Refused,
}

/// <summary>A failure of an Iceberg operation.</summary>
public sealed class IcebergException : DltException
{
    /// <summary>An error of that kind.</summary>
    public IcebergException(IcebergError error, string message, Exception? innerException = null) : base(message, innerException) =>
        Error = error;

    /// <summary>The kind of failure.</summary>
    public IcebergError Error { get; }

    /// <summary>The file concerned.</summary>
    public string? File { get; init; }

    /// <summary>Byte offset in the file.</summary>
    public long? Offset { get; init; }

    /// <summary>The error of a damaged file: nothing of the table was changed.</summary>
    /// <param name="file">The file.</param>
    /// <param name="what">What is wrong with it, as a clause without a point.</param>
    /// <param name="offset">The byte where that was found.</param>
    /// <param name="inner">The error that said so.</param>
    public static IcebergException Corrupt(string file, string what, long? offset = null, Exception? inner = null) => new(
        IcebergError.Corrupt,
        $"{file}{(offset is { } at ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $", byte {at}") : "")}: {what}. "
            + "Nothing of the table was changed. Restore the file, or read an older snapshot.",
        inner)
    { File = file, Offset = offset };

    internal static IcebergException Unsupported(string file, string what) =>
        new(IcebergError.Unsupported, $"{file}: {what}, which is not supported. docs/iceberg.md lists what is.") { File = file };

    internal static IcebergException Illegal(string what) =>
        new(IcebergError.Illegal, what + " Nothing was written; the table is as before.");
}
