/** Rules for fields that can be checked while typing. The server decides; these only say it sooner. */

/** P1: trimmed, ASCII lower case. */
export function normalUniqueId(typed: string): string {
  return typed.trim().replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

export const isUniqueId = (typed: string): boolean => /^[a-z0-9_-]{2,32}$/.test(normalUniqueId(typed));

/** A1. */
export function normalUsername(typed: string): string {
  return typed.trim().replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

export const isUsername = (typed: string): boolean => /^[a-z0-9._-]{3,32}$/.test(normalUsername(typed));

/** Finds only what cannot be an address; the server checks the rest. */
export const looksLikeEmail = (typed: string): boolean => /^[^\s@]+@[^\s@]+$/.test(typed.trim());

/** The set-up code: twelve letters and digits; dashes, spaces and case don't matter. */
export const bareCode = (typed: string): string => typed.replace(/[\s-]/g, "").toUpperCase();
export const isSetupCode = (typed: string): boolean => /^[A-Z0-9]{12}$/.test(bareCode(typed));
export const dashedCode = (typed: string): string =>
  bareCode(typed)
    .slice(0, 12)
    .replace(/(.{4})(?=.)/g, "$1-");

export const isCountry = (typed: string): boolean => /^[A-Za-z]{2}$/.test(typed.trim());
