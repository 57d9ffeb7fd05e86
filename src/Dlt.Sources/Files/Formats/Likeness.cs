namespace Dlt.Sources.Files.Formats;

/// <summary>How much a text looks like a format.</summary>
internal enum Likeness
{
    /// <summary>The text does not have this format.</summary>
    None,

    /// <summary>The text could have this format, and is taken for it if it looks like no other.</summary>
    Possible,

    /// <summary>The text looks like this format, unless the name of the file says otherwise.</summary>
    Likely,

    /// <summary>The text looks like this format, whatever the name of the file.</summary>
    Certain,
}
