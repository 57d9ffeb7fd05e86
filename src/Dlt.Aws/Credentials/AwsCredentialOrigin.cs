namespace Dlt.Aws;

/// <summary>
/// Describes where the values of <see cref="AwsCredentialOptions"/> come from, so errors can name the setting to change. This class
/// describes options that a program sets; derive from it for options that are read from a file.
/// </summary>
/// <remarks>The parameter <c>member</c> is the name of a member, such as <c>nameof(AwsCredentialOptions.ProfileName)</c>.</remarks>
public class AwsCredentialOrigin
{
    /// <summary>The origin of options that a program sets.</summary>
    public static AwsCredentialOrigin Code { get; } = new();

    /// <summary>Name of the group of settings, such as <c>[destination.athena.credentials]</c>.</summary>
    public virtual string Name => nameof(AwsCredentialOptions);

    /// <summary>File that the settings belong to; null for none.</summary>
    public virtual string? File => null;

    /// <summary>Advice for a run that needs no AWS account, such as "add --local to run without an AWS account"; null for none.</summary>
    public virtual string? WithoutAccount => null;

    /// <summary>Name of the setting for a member, such as <c>aws_access_key_id</c>.</summary>
    public virtual string KeyOf(string member) => member;

    /// <summary>Place where a setting is set; <see cref="HomeOf"/> if it is not set.</summary>
    public virtual string PlaceOf(string member) => HomeOf(member);

    /// <summary>Place where a setting belongs, such as <c>RegionName of AwsCredentialOptions</c>.</summary>
    public virtual string HomeOf(string member) => $"{KeyOf(member)} of {Name}";

    /// <summary><see cref="WithoutAccount"/> as the end of a sentence; empty for none.</summary>
    internal string OrWithoutAccount => WithoutAccount is { } advice ? ", or " + advice : "";

    /// <summary>The place of a setting, with the group that it belongs to.</summary>
    internal string LocationOf(string member) =>
        PlaceOf(member) is var place && place.Contains(Name, StringComparison.Ordinal) ? place : $"{place} (block {Name})";
}
